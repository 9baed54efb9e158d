package io.covey.cluster.redis.driver;

import java.time.Duration;
import java.util.function.Supplier;

/** Opens drivers of one client library. Thread-safe. */
@FunctionalInterface
public interface RedisDriverFactory {

    /**
     * Connects. Blocks until the server has accepted the connection and the credentials, for at most the connect
     * timeout. From then on the driver reconnects by itself, with back-off of at most 1 s, until it is closed.
     *
     * @param uri where
     * @param connectTimeout how long a connection may take to be made, each time
     * @param commandTimeout how long an answer may take
     * @param state who hears when the connection for commands is lost and when it is back
     * @return an open driver
     * @throws io.covey.cluster.TransportException in one line, naming the server and the reason, if it cannot be
     *     reached or refuses
     */
    RedisDriver open(RedisUri uri, Duration connectTimeout, Duration commandTimeout, Listener state);

    /**
     * A factory on top of a client library: standalone, Sentinel and Cluster.
     *
     * @param connector opens the client library, once for each driver
     * @return the factory
     */
    static RedisDriverFactory over(Supplier<? extends RedisConnector> connector) {
        return (uri, connectTimeout, commandTimeout, state) -> {
            Io io = new Io(connector.get(), connectTimeout, commandTimeout);
            try {
                return switch (uri.topology()) {
                    case STANDALONE, SENTINEL -> new SingleDriver(io, uri, state);
                    case CLUSTER -> new ClusterDriver(io, uri, state);
                };
            } catch (RuntimeException e) {
                io.close();
                throw e;
            }
        };
    }

    /**
     * Hears of the connection for commands; links have listeners of their own. {@link #onDown} and {@link #onUp}
     * alternate, one call at a time, on a thread of the driver, and must not block. That the driver was opened is not
     * reported. On Redis Cluster, down means that at least one master cannot be reached. Nothing is heard after
     * {@link RedisDriver#close}.
     */
    interface Listener {

        /** The connection is back. */
        void onUp();

        /**
         * The connection is lost. Commands are refused until it is back.
         *
         * @param reason the server and what happened, in one line
         */
        void onDown(String reason);
    }
}
