package io.covey.cluster;

import java.util.Optional;

/**
 * Where the values of a cache come from.
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface CacheLoader<V> {

    /**
     * Finds the value of a key. Runs on the thread of the caller who missed it, or on one of the node's for an asynchronous
     * read or an early refresh; may block, and may use other keys of the cache.
     *
     * @param key the key
     * @return the value, empty if there is none
     * @throws Exception if it cannot be found out; nothing is stored then
     */
    Optional<V> load(String key) throws Exception;
}
