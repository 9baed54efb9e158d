package io.covey.cluster.core.cache;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Node;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.local.ManualClock;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.runtime.Lifecycle;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.runtime.NodeThreads;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Nodes that have caches only, on one backend whose time and theirs is set by hand. */
final class CacheNodes implements AutoCloseable {
    static final int MAX_VALUE = 1000;

    final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final LocalBackend backend = LocalBackend.create(clock, Runnable::run);
    private final Deque<NodeContext> joined = new ArrayDeque<>();

    /** What one node is. */
    record Joined(NodeContext node, Caches caches) {

        <V> Cache<V> cache(String name, Class<V> type) {
            return cache(name, type, CacheOptions.none());
        }

        <V> Cache<V> cache(String name, Class<V> type, CacheOptions options) {
            return caches.cache(name, Codecs.of(type), options);
        }
    }

    Joined join(String name) {
        BackendClock now = new BackendClock(() -> TimeUnit.MILLISECONDS.toNanos(clock.monotonicMillis()));
        now.learn(clock.instant(), now.nanos());
        NodeContext node = new NodeContext(
                new Node(name, name, "localhost", 1, clock.instant(), Map.of()),
                ClusterConfig.builder("local:caches")
                        .name(name)
                        .beat(Duration.ofMillis(300))
                        .maxValueBytes(MAX_VALUE)
                        .build(),
                raw(),
                new NodeThreads(name),
                now,
                new Lifecycle(name));
        joined.push(node);
        return new Joined(node, new Caches(node));
    }

    /** Another connection to the same backend, without a node. */
    Transport raw() {
        return backend.open(TransportConfig.of("local:caches"));
    }

    @Override
    public void close() {
        joined.forEach(node -> {
            node.life().end();
            node.transport().close();
            node.threads().close();
        });
    }
}
