package io.covey.cluster.bench.peers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** Caffeine alone, bounded by size and time as a near-cache is: what is left when there is no Redis behind. */
public final class CaffeineCache implements CacheContestant {
    private static final int MOST_ENTRIES = 10_000;

    private final Cache<String, byte[]> cache = Caffeine.newBuilder()
            .maximumSize(MOST_ENTRIES)
            .expireAfterWrite(TTL)
            .build();

    /** For the corner. */
    public CaffeineCache() {}

    @Override
    public void open(int port, String variant) {
        // There is nothing to connect to.
    }

    @Override
    public byte @Nullable [] get(int key) {
        return cache.getIfPresent(KEYS.get(key));
    }

    @Override
    public void put(int key, byte[] value) {
        cache.put(KEYS.get(key), value);
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
