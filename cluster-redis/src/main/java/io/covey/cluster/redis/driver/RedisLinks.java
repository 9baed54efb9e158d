package io.covey.cluster.redis.driver;

import java.util.concurrent.CompletionStage;

/**
 * A link to every server that has keys: to the one there is, or on Redis Cluster to each master. Masters that come get
 * one, those that go lose theirs. To its listener it looks like one link: up while all of them are, and for a moment down
 * whenever slots have another owner. Thread-safe.
 */
public interface RedisLinks extends AutoCloseable {

    /**
     * Sends one command on every link. On one link, commands are executed in the order given.
     *
     * @param command the command
     * @return completes when all servers have answered; fails with what the first failure was
     */
    CompletionStage<Void> send(RedisCommand command);

    /**
     * Asks every server for a sign of life in its role: on Redis Cluster each must still answer for its slots.
     *
     * @return completes when all have answered and what they pushed before has been told; fails if one did not, or while
     *     the links are not up
     */
    CompletionStage<Void> prove();

    /** Gives all connections up and connects again. */
    void reconnect();

    /** Closes all connections for good. The listener hears nothing more. Twice is fine. */
    @Override
    void close();
}
