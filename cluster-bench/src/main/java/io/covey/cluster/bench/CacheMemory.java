package io.covey.cluster.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.NearOptions;
import io.covey.cluster.redis.embedded.RedisServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/**
 * What entries of 100 bytes cost Redis in memory, beside plain SETs of the same values under the same keys, each on a
 * Redis of its own; and what near copies of as many keep of them in this process. {@code java -cp benchmarks.jar io.covey.cluster.bench.CacheMemory [ENTRIES]}
 */
public final class CacheMemory {
    private static final int AT_ONCE = 1000;
    private static final Duration TTL = Duration.ofDays(1);
    private static final long NEAR_BYTES = 16 << 20;
    private static final String NAME = "profiles";

    private CacheMemory() {}

    /**
     * Measures.
     *
     * @param args how many entries, a million unless given
     */
    public static void main(String[] args) {
        int entries = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        System.out.println(
                "| " + entries + " entries | allocator | plain SET: bytes each | put: bytes each | to plain |");
        System.out.println("|---|---|---:|---:|---:|");
        for (boolean expiring : new boolean[] {false, true}) {
            double[] plain = new double[1];
            String allocator = measure(entries, plain, (server, redis) -> plain(redis, entries, expiring));
            double[] ours = new double[1];
            measure(entries, ours, (server, redis) -> ours(server, entries, expiring));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %.1f | %.1f %% |%n",
                    expiring ? "with a time to live" : "that do not expire",
                    allocator,
                    plain[0],
                    ours[0],
                    100 * ours[0] / plain[0]);
        }
        near(entries);
    }

    /** Reads everything through a near-cache that may keep a part of it. */
    private static void near(int entries) {
        try (RedisServer server = RedisServer.builder().start();
                Cluster node = join(server)) {
            ours(server, entries, true);
            Cache<byte[]> cache =
                    node.cache(NAME, byte[].class, CacheOptions.none().near(NearOptions.bytes(NEAR_BYTES)));
            cache.get(key(0));
            long before = heap();
            for (int from = 0; from < entries; from += AT_ONCE) {
                List<String> keys = new ArrayList<>();
                for (int i = from; i < Math.min(entries, from + AT_ONCE); i++) {
                    keys.add(key(i));
                }
                cache.getAll(keys);
            }
            long kept = cache.nearStats().orElseThrow().entries();
            System.out.printf(
                    Locale.ROOT,
                    "near copies, at most %d bytes: %d kept of %d read, the heap has grown by %d bytes%n",
                    NEAR_BYTES,
                    kept,
                    entries,
                    heap() - before);
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private interface Filling {
        void fill(RedisServer server, RedisClient redis);
    }

    private static String measure(int entries, double[] each, Filling filling) {
        try (RedisServer server = RedisServer.builder().start();
                RedisClient redis = RedisClient.create(server.uri())) {
            long empty = Long.parseLong(Usage.memory(redis, "used_memory"));
            filling.fill(server, redis);
            each[0] = (Long.parseLong(Usage.memory(redis, "used_memory")) - empty) / (double) entries;
            return Usage.memory(redis, "mem_allocator");
        }
    }

    private static void plain(RedisClient redis, int entries, boolean expiring) {
        SetParams params = expiring ? SetParams.setParams().px(TTL.toMillis()) : SetParams.setParams();
        for (int from = 0; from < entries; from += AT_ONCE) {
            try (Pipeline pipeline = redis.pipelined()) {
                for (int i = from; i < Math.min(entries, from + AT_ONCE); i++) {
                    pipeline.set(
                            ("covey:cache/" + NAME + "/" + key(i)).getBytes(UTF_8), new byte[Load.VALUE_BYTES], params);
                }
                pipeline.sync();
            }
        }
    }

    private static Cluster join(RedisServer server) {
        return Cluster.join(ClusterConfig.builder(server.uri().replaceFirst("://", "+jedis://"))
                .name("memory")
                .build());
    }

    private static void ours(RedisServer server, int entries, boolean expiring) {
        try (Cluster node = join(server)) {
            Cache<byte[]> cache = node.cache(NAME, byte[].class);
            for (int from = 0; from < entries; from += AT_ONCE) {
                Map<String, byte[]> some = new HashMap<>();
                for (int i = from; i < Math.min(entries, from + AT_ONCE); i++) {
                    some.put(key(i), new byte[Load.VALUE_BYTES]);
                }
                if (expiring) {
                    cache.putAll(some, TTL);
                } else {
                    cache.putAll(some);
                }
            }
        }
    }

    private static String key(int i) {
        return String.format(Locale.ROOT, "profile-%08d", i);
    }
}
