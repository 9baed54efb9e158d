package io.covey.cluster.spi;

import java.util.Set;

/**
 * Opens transports of some URI schemes; found by {@link java.util.ServiceLoader}. Where two providers on the class path
 * answer to one scheme, the application must use a scheme that only one of them has.
 */
public interface TransportProvider {

    /**
     * Names this provider in messages, with the artifact to depend on.
     *
     * @return for example {@code io.covey:cluster-redis-jedis}
     */
    String artifact();

    /**
     * The schemes that it answers to, the one that is its own first.
     *
     * @return for example {@code redis+jedis}, {@code redis}, {@code rediss}
     */
    Set<String> schemes();

    /**
     * Connects. Blocks until the backend has answered, for at most the connect timeout.
     *
     * @param config where and how
     * @return an open transport
     * @throws io.covey.cluster.TransportException if the backend cannot be reached, refuses, or is too old
     */
    Transport open(TransportConfig config);
}
