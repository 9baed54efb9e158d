package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import io.covey.cluster.Codec;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcError;
import java.util.concurrent.TimeUnit;

/**
 * What all kinds of calls know of themselves.
 *
 * @param <R> the type of the result
 * @param caller sends
 * @param request what
 * @param codec of the result
 * @param timeoutMillis how long the caller waits
 * @param deadline until when, as the ticker counts
 */
record Asking<R>(Caller caller, Request request, Codec<R> codec, long timeoutMillis, long deadline) {
    static final String CLOSING = "it is closing and runs no more calls";
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LEAST_TRIES = 3;

    long remainingMillis() {
        return TimeUnit.NANOSECONDS.toMillis(deadline - caller.now());
    }

    /** When to ask again for an answer that may have been lost, if the procedure is idempotent: later and later. */
    long nextRepeat(long now, int repeats) {
        long most = TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / LEAST_TRIES;
        long step = Math.min(most, FIRST_NANOS << Math.min(repeats, 20));
        return request.repeatable() && now + step < deadline ? now + step : Ticker.NEVER;
    }

    /** Whether there is no use in sending it again. */
    boolean isFinal(RuntimeException why) {
        return !request.repeatable() || why instanceof IllegalArgumentException;
    }

    String where(Node node) {
        return "rpc " + request.procedure() + " to " + node.name() + " (" + node.id() + "): ";
    }

    RpcException failure(Node node, Reason reason, String why) {
        return new RpcException(reason, where(node) + why);
    }

    RpcTimeoutException silence(Node node, String gap) {
        return new RpcTimeoutException(
                where(node) + "no answer in " + timeoutMillis + " ms; it is not started any more" + gap);
    }

    /**
     * @throws RpcException if the answer cannot be read
     */
    R decode(Node node, ByteString result) {
        try {
            return codec.decode(result.toByteArray());
        } catch (RuntimeException | Error e) {
            throw failure(node, Reason.FAILED, "its answer: " + Failures.message(e));
        }
    }

    static String lostLink(String why) {
        return " (the link to the backend was lost meanwhile: " + why + ")";
    }

    RpcException failure(Node node, RpcError error) {
        return switch (error.getCode()) {
            case UNKNOWN_PROCEDURE -> failure(node, Reason.UNKNOWN_PROCEDURE, "it serves no procedure of this name");
            case BUSY -> failure(node, Reason.BUSY, "it is busy; the procedure did not run");
            case BAD_ARGUMENT -> failure(node, Reason.BAD_ARGUMENT, error.getMessage());
            default ->
                new RpcException(
                        Reason.FAILED,
                        where(node) + error.getType() + ": " + error.getMessage(),
                        error.getType(),
                        error.getStack().isEmpty() ? null : error.getStack());
        };
    }
}
