package io.covey.cluster.redis.driver;

import java.util.concurrent.CompletionStage;

/**
 * A connection of its own (RESP3) that receives pushes: pub/sub, client tracking, the wake-up watch. Thread-safe.
 * Commands of the subscribe family, which must name their channels, have no reply but a push; for them the stage of
 * {@link #send} completes with {@code null} once they are written. A command that blocks on the server must do so for
 * less than the command timeout; an answer that is later than that ends the connection, as does a server that leaves a
 * PING unanswered, which the link sends every few seconds while nothing else awaits an answer.
 */
public interface RedisLink extends AutoCloseable {

    /**
     * Sends one command on this connection.
     *
     * @param command the command
     * @return its reply; fails at once with {@link io.covey.cluster.TransportException} while the link is down. On Redis
     *     Cluster a link with a route that is answered {@code MOVED} fails this call and connects to the new master
     */
    CompletionStage<Object> send(RedisCommand command);

    /**
     * Gives the present connection up and connects again: for a caller that has found it deaf. The listener hears
     * {@link LinkSpec.Listener#onDown} and then {@link LinkSpec.Listener#onUp}.
     */
    void reconnect();

    /** Closes the connection for good. The listener hears nothing more. Twice is fine. */
    @Override
    void close();
}
