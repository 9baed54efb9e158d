package io.covey.cluster.micrometer;

import io.covey.cluster.rpc.Replies;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.spi.Await;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What a call ended with, in a word. */
final class CallOutcome {
    static final String OK = "ok";

    private CallOutcome() {}

    static String of(@Nullable Object done, @Nullable Throwable thrown) {
        if (thrown == null) {
            return done instanceof Replies<?> replies && !replies.failures().isEmpty() ? "partly" : OK;
        }
        Throwable cause = Await.unwrap(thrown);
        if (cause instanceof RpcException failed) {
            return failed.reason().name().toLowerCase(Locale.ROOT);
        }
        return cause instanceof CancellationException ? "cancelled" : "failed";
    }
}
