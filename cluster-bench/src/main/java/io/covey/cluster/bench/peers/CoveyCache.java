package io.covey.cluster.bench.peers;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.NearOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ours; the variant is {@code jedis} or {@code lettuce}, and {@code -near} for copies on this node. */
public final class CoveyCache implements CacheContestant {
    private static final String NEAR = "-near";
    private static final int MOST_ENTRIES = 10_000;

    private @Nullable Cluster node;
    private @Nullable Cache<byte[]> cache;
    private @Nullable Lock lock;

    /** For the corner. */
    public CoveyCache() {}

    @Override
    public void open(int port, String variant) {
        String driver = variant.replace(NEAR, "");
        node = Cluster.join(ClusterConfig.builder("redis+" + driver + "://127.0.0.1:" + port)
                .name("match")
                .build());
        lock = node.lock("match");
        CacheOptions options = CacheOptions.none();
        cache = node.cache(
                "match",
                byte[].class,
                variant.endsWith(NEAR) ? options.near(NearOptions.entries(MOST_ENTRIES)) : options);
    }

    @Override
    public byte @Nullable [] get(int key) {
        return cache.get(KEYS.get(key)).orElse(null);
    }

    @Override
    public void put(int key, byte[] value) {
        cache.put(KEYS.get(key), value, TTL);
    }

    @Override
    public int getMany(int first) {
        return cache.getAll(KEYS.subList(first, first + MANY)).size();
    }

    @Override
    public void lock() {
        try {
            lock.tryLock(Duration.ZERO).orElseThrow().close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
