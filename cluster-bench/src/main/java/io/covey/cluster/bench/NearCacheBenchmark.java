package io.covey.cluster.bench;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.NearOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** Reads that a near copy answers, beside Caffeine alone with the same bounds. */
public class NearCacheBenchmark extends Trials {
    private static final int MOST_ENTRIES = 10_000;

    /** For JMH. */
    public NearCacheBenchmark() {}

    /** Everything that is read is here already. */
    @State(Scope.Benchmark)
    public static class Filled {
        private final List<String> keys = Load.keys("");
        private final com.github.benmanes.caffeine.cache.Cache<String, byte[]> caffeine = Caffeine.newBuilder()
                .maximumSize(MOST_ENTRIES)
                .expireAfterWrite(Duration.ofMinutes(5))
                .build();
        private Backend backend;
        private Cache<byte[]> near;

        /** Joins and fills. */
        @Setup
        public void start() {
            backend = Backend.start("jedis");
            near = backend.join("bench")
                    .cache("bench", byte[].class, CacheOptions.none().near(NearOptions.entries(MOST_ENTRIES)));
            near.putAll(keys.stream().collect(Collectors.toMap(key -> key, key -> new byte[Load.VALUE_BYTES])));
            keys.forEach(key -> caffeine.put(key, new byte[Load.VALUE_BYTES]));
        }

        /** Leaves. */
        @TearDown
        public void stop() {
            backend.close();
        }
    }

    @Benchmark
    @Threads(1)
    public byte @Nullable [] near(Filled in, Load load) {
        return in.near.get(in.keys.get(load.next())).orElse(null);
    }

    @Benchmark
    @Threads(8)
    public byte @Nullable [] nearBy8(Filled in, Load load) {
        return near(in, load);
    }

    @Benchmark
    @Threads(1)
    public byte @Nullable [] caffeine(Filled in, Load load) {
        return in.caffeine.getIfPresent(in.keys.get(load.next()));
    }

    @Benchmark
    @Threads(8)
    public byte @Nullable [] caffeineBy8(Filled in, Load load) {
        return caffeine(in, load);
    }
}
