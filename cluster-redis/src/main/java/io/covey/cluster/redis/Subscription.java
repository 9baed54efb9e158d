package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One receiver at one route. */
final class Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    /** Hears of pushes, on the link's thread. */
    interface Receiver {

        /**
         * @param channel as Redis knows it
         */
        void onMessage(String channel, byte[] message);

        void onGap(String reason);

        /** The server refuses the subscription from now on. */
        default void onEnd(String reason) {
            LOG.warn("{}; the subscription has ended", reason);
        }
    }

    private final Receiver receiver;
    private final CompletableFuture<Void> live = new CompletableFuture<>();
    private volatile Optional<String> missedBecause = Optional.empty();
    private volatile boolean closed;

    Subscription(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Completes when the server has confirmed its route for the first time. */
    CompletableFuture<Void> live() {
        return live;
    }

    /** The link was lost. On the link's thread. */
    void lost(String reason) {
        if (live.isDone()) {
            missedBecause = Optional.of(reason);
        }
    }

    /** The route is live (again). On the link's thread. */
    void confirmed() {
        live.complete(null);
        Optional<String> reason = missedBecause;
        missedBecause = Optional.empty();
        reason.ifPresent(why -> guarded(() -> receiver.onGap(why)));
    }

    /** There will be no route (any more). */
    void refused(String reason) {
        if (!live.completeExceptionally(new RefusedException(reason + "; nothing was subscribed")) && !closed) {
            guarded(() -> receiver.onEnd(reason));
        }
    }

    void message(String channel, byte[] message) {
        if (closed) {
            return;
        }
        try {
            receiver.onMessage(channel, message);
        } catch (Throwable e) { // an Error would end the link's thread
            failed(e);
        }
    }

    void close() {
        closed = true;
    }

    private void guarded(Runnable call) {
        if (closed) {
            return;
        }
        try {
            call.run();
        } catch (Throwable e) { // an Error would end the link's thread
            failed(e);
        }
    }

    private static void failed(Throwable thrown) {
        LOG.warn("A subscriber failed on a message; it hears the next ones", thrown);
    }
}
