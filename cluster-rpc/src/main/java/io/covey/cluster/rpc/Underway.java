package io.covey.cluster.rpc;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The part of a call that is under way now, which is forgotten when the user cancels the call as a whole. */
final class Underway {
    private volatile @Nullable CompletableFuture<?> part;
    private volatile boolean cancelled;

    /** Says what is under way now; cancels it if the call was cancelled before. */
    Underway is(CompletableFuture<?> next) {
        part = next;
        if (cancelled) {
            next.cancel(false);
        }
        return this;
    }

    /** Ties the future that the user has to what is under way. */
    <T> CompletableFuture<T> isCancelledBy(CompletableFuture<T> whole) {
        whole.whenComplete((result, thrown) -> {
            if (whole.isCancelled()) {
                cancelled = true;
                CompletableFuture<?> now = part;
                if (now != null) {
                    now.cancel(false);
                }
            }
        });
        return whole;
    }
}
