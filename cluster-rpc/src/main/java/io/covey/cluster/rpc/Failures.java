package io.covey.cluster.rpc;

import io.covey.cluster.rpc.wire.RpcError;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a caller is told of something thrown. */
final class Failures {
    private static final int LONGEST_MESSAGE = 1000;
    private static final int LONGEST_STACK = 8000;

    private Failures() {}

    static RpcError of(Throwable thrown, boolean withStack) {
        RpcError.Builder error = RpcError.newBuilder()
                .setCode(RpcError.Code.FAILED)
                .setType(thrown.getClass().getName())
                .setMessage(message(thrown));
        if (withStack) {
            error.setStack(cut(stack(thrown), LONGEST_STACK));
        }
        return error.build();
    }

    /** What an exception says of itself is the application's code, too. */
    static String message(Throwable thrown) {
        try {
            return cut(String.valueOf(thrown.getMessage()));
        } catch (RuntimeException | Error e) {
            return unreadable(e);
        }
    }

    static String stack(Throwable thrown) {
        StringWriter stack = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(stack));
        } catch (RuntimeException | Error e) {
            stack.append(unreadable(e));
        }
        return stack.toString();
    }

    private static String unreadable(Throwable thrown) {
        return "what it says cannot be read: " + thrown.getClass().getName();
    }

    static String cut(String text) {
        return cut(text, LONGEST_MESSAGE);
    }

    private static String cut(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) + "…" : text;
    }
}
