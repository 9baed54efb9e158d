package io.covey.cluster.redis.driver;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One connection to one server, by a client library. It lives once: when it is lost it stays lost. Thread-safe. */
public interface RedisConnection extends AutoCloseable {

    /**
     * Writes commands together, or together with those of other callers, and never again. The answers come in order.
     * Commands of the subscribe family are not answered; they count as answered with {@code null} once written or once
     * confirmed.
     *
     * @param commands at least one
     * @return the replies as {@link RedisDriver} describes them. Never completes exceptionally by itself: whoever holds
     *     it fails it when time is up or the connection is lost, and what is answered later is dropped
     */
    CompletableFuture<List<Object>> send(List<RedisCommand> commands);

    /** Closes the connection at once without waiting for anything. Callable from any thread, also from callbacks. */
    @Override
    void close();

    /** Hears of a connection, on its I/O thread. Must not block. */
    interface Listener {

        /**
         * The server pushed something.
         *
         * @param kind as for {@link LinkSpec.Listener#onPush}
         * @param elements what follows the kind
         */
        void onPush(String kind, List<Object> elements);

        /**
         * The connection is lost or was closed. May be called more than once.
         *
         * @param reason what happened, in one line
         */
        void onClosed(String reason);
    }
}
