package io.covey.cluster.bench.peers.redisson;

import io.covey.cluster.bench.peers.CacheContestant;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RLock;
import org.redisson.api.RMapCache;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;

/** Redisson's caches; the variant is {@code bucket} (RBucket), {@code map} (RMapCache) or {@code local} (RLocalCachedMap). */
public final class RedissonCache implements CacheContestant {
    private static final String NAME = "match";
    private static final int MOST_ENTRIES = 10_000;
    private static final Codec CODEC = new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE);

    private @Nullable RedissonClient redisson;
    private @Nullable RMapCache<String, byte[]> map;
    private @Nullable RLocalCachedMap<String, byte[]> local;

    /** For the corner. */
    public RedissonCache() {}

    @Override
    public void open(int port, String variant) {
        redisson = RedissonQueue.connect(port);
        if (variant.equals("map")) {
            map = redisson.getMapCache(NAME, CODEC);
        } else if (variant.equals("local")) {
            local = redisson.getLocalCachedMap(LocalCachedMapOptions.<String, byte[]>name(NAME)
                    .codec(CODEC)
                    .evictionPolicy(LocalCachedMapOptions.EvictionPolicy.LRU)
                    .cacheSize(MOST_ENTRIES)
                    .timeToLive(TTL));
        }
    }

    @Override
    public byte @Nullable [] get(int key) {
        if (local != null) {
            return local.get(KEYS.get(key));
        }
        return map != null
                ? map.get(KEYS.get(key))
                : redisson.<byte[]>getBucket(KEYS.get(key), ByteArrayCodec.INSTANCE)
                        .get();
    }

    @Override
    public void put(int key, byte[] value) {
        if (local != null) {
            local.fastPut(KEYS.get(key), value);
        } else if (map != null) {
            map.fastPut(KEYS.get(key), value, TTL.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            redisson.<byte[]>getBucket(KEYS.get(key), ByteArrayCodec.INSTANCE).set(value, TTL);
        }
    }

    @Override
    public int getMany(int first) {
        return map.getAll(new LinkedHashSet<>(KEYS.subList(first, first + MANY)))
                .size();
    }

    @Override
    public void lock() {
        RLock lock = redisson.getLock("lock");
        if (!lock.tryLock()) {
            throw new IllegalStateException("Nobody else has this lock");
        }
        lock.unlock();
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
