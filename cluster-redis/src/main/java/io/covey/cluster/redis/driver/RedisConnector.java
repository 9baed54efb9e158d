package io.covey.cluster.redis.driver;

import java.time.Duration;

/**
 * What a client library is asked for: connections, each to one server. Routing, reconnecting, time limits and keepalive
 * are written once, above it (see {@link RedisDriverFactory#over}). Thread-safe.
 */
public interface RedisConnector extends AutoCloseable {

    /**
     * Connects with RESP3, authenticates and selects the database. Blocks.
     *
     * @param server a single server ({@link RedisUri.Topology#STANDALONE})
     * @param timeout how long it may take
     * @param answerTimeout how long the connection may be silent while commands wait, until it is closed from outside
     * @param listener who hears of pushes and of the end of the connection, from before this method returns
     * @return an open connection
     * @throws RuntimeException of any kind; its innermost cause names the reason
     */
    RedisConnection connect(
            RedisUri server, Duration timeout, Duration answerTimeout, RedisConnection.Listener listener);

    /** Ends all threads of the library. Connections are closed before. */
    @Override
    void close();
}
