package io.covey.cluster.micrometer;

import io.covey.cluster.NodeEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what caches are good for, in one registry. */
final class CacheMeters {
    private final MeterRegistry registry;
    private final Capped names = new Capped();
    private final Map<String, One> byName = new ConcurrentHashMap<>();

    CacheMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private record One(Counter near, Counter hit, Counter miss, Timer loaded, Timer failed) {}

    void read(NodeEvent.CacheRead read) {
        One one = one(read.cache());
        add(one.near, read.near());
        add(one.hit, read.stored());
        add(one.miss, read.missing());
    }

    void loaded(NodeEvent.CacheLoaded loaded) {
        One one = one(loaded.cache());
        (loaded.failed() ? one.failed : one.loaded).record(loaded.took());
    }

    private static void add(Counter counter, int keys) {
        if (keys > 0) {
            counter.increment(keys);
        }
    }

    private One one(String cache) {
        return byName.computeIfAbsent(names.of(cache), this::make);
    }

    private One make(String cache) {
        return new One(
                gets(cache, "near"),
                gets(cache, "hit"),
                gets(cache, "miss"),
                loads(cache, "success"),
                loads(cache, "failure"));
    }

    private Counter gets(String cache, String result) {
        return Counter.builder("covey.cache.gets")
                .tags("cache", cache, "result", result)
                .description("Keys read: answered by a copy on this node, found in the store, or not there")
                .register(registry);
    }

    private Timer loads(String cache, String outcome) {
        return Timer.builder("covey.cache.loads")
                .tags("cache", cache, "outcome", outcome)
                .description("How long loaders ran")
                .register(registry);
    }
}
