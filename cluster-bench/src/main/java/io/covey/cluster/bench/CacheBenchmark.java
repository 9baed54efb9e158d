package io.covey.cluster.bench;

import io.covey.cluster.Cache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** A cache of byte arrays: every read finds its value, every write is to a key that exists. */
public class CacheBenchmark extends Trials {

    /** For JMH. */
    public CacheBenchmark() {}

    /** A filled cache. */
    @State(Scope.Benchmark)
    public static class Filled {
        /** What carries it. */
        @Param({"local", "jedis", "lettuce"})
        public String transport = "";

        private final List<String> keys = Load.keys("");
        private final List<String> many = keys.subList(0, Load.MANY);
        private Backend backend;
        private Cache<byte[]> cache;

        /** Joins and fills. */
        @Setup
        public void start() {
            backend = Backend.start(transport);
            cache = backend.join("bench").cache("bench", byte[].class);
            cache.putAll(keys.stream().collect(Collectors.toMap(key -> key, key -> new byte[Load.VALUE_BYTES])));
        }

        /** Leaves. */
        @TearDown
        public void stop() {
            backend.close();
        }
    }

    @Benchmark
    @Threads(1)
    public Optional<byte[]> get(Filled in, Load load) {
        return in.cache.get(in.keys.get(load.next()));
    }

    @Benchmark
    @Threads(Load.CROWD)
    public Optional<byte[]> getBy64(Filled in, Load load) {
        return get(in, load);
    }

    @Benchmark
    @Threads(1)
    public void put(Filled in, Load load) {
        in.cache.put(in.keys.get(load.next()), load.value);
    }

    @Benchmark
    @Threads(Load.CROWD)
    public void putBy64(Filled in, Load load) {
        put(in, load);
    }

    @Benchmark
    @Threads(1)
    public Map<String, byte[]> getAll(Filled in) {
        return in.cache.getAll(in.many);
    }

    @Benchmark
    @Threads(Load.CROWD)
    public Map<String, byte[]> getAllBy64(Filled in) {
        return getAll(in);
    }
}
