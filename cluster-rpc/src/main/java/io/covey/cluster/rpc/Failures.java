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
                .setMessage(cut(String.valueOf(thrown.getMessage())));
        if (withStack) {
            StringWriter stack = new StringWriter();
            thrown.printStackTrace(new PrintWriter(stack));
            error.setStack(cut(stack.toString(), LONGEST_STACK));
        }
        return error.build();
    }

    static String cut(String text) {
        return cut(text, LONGEST_MESSAGE);
    }

    private static String cut(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) + "…" : text;
    }
}
