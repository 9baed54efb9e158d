package io.covey.cluster.bench.peers;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import org.jspecify.annotations.Nullable;

/** Ours; the variant is {@code jedis} or {@code lettuce}. */
public final class CoveyCache implements CacheContestant {
    private @Nullable Cluster node;
    private @Nullable Cache<byte[]> cache;

    /** For the corner. */
    public CoveyCache() {}

    @Override
    public void open(int port, String variant) {
        node = Cluster.join(ClusterConfig.builder("redis+" + variant + "://127.0.0.1:" + port)
                .name("match")
                .build());
        cache = node.cache("match", byte[].class);
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
    public void close() {
        node.close();
    }
}
