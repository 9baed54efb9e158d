package io.covey.cluster.core.near;

import io.covey.cluster.spi.CacheStore;

/**
 * How the entries of one cache look in the store, and here.
 *
 * @param <T> what an entry is here
 */
public interface Form<T> {

    /**
     * The key of the store.
     *
     * @param key a key of the cache
     * @return its key in the store, which starts with the cache's prefix
     * @throws IllegalArgumentException if it cannot be a key
     */
    String slot(String key);

    /**
     * The key of the cache.
     *
     * @param slot a key of the store, of this cache
     * @return what {@link #slot} made it of
     */
    String key(String slot);

    /**
     * Reads an entry.
     *
     * @param key the key of the cache
     * @param entry what the store has
     * @return what is kept of it, and given to readers
     */
    T read(String key, CacheStore.Entry entry);
}
