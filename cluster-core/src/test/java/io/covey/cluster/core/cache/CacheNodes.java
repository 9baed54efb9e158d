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
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
        return join(name, call -> {});
    }

    /** A node that does something before each call of its store, of which it is told the name of the method. */
    Joined join(String name, Consumer<String> before) {
        BackendClock now = new BackendClock(() -> TimeUnit.MILLISECONDS.toNanos(clock.monotonicMillis()));
        now.learn(clock.instant(), now.nanos());
        NodeContext node = new NodeContext(
                new Node(name, name, "localhost", 1, clock.instant(), Map.of()),
                ClusterConfig.builder("local:caches")
                        .name(name)
                        .beat(Duration.ofMillis(300))
                        .maxValueBytes(MAX_VALUE)
                        .build(),
                tapped(Transport.class, raw(), before),
                new NodeThreads(name),
                now,
                new Lifecycle(name));
        joined.push(node);
        return new Joined(node, new Caches(node));
    }

    private static <T> T tapped(Class<T> type, T target, Consumer<String> before) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (type == CacheStore.class) {
                before.accept(method.getName());
            }
            Object answer = method.invoke(target, args);
            return method.getName().equals("cache")
                    ? Optional.of(tapped(
                            CacheStore.class, ((Transport) target).cache().orElseThrow(), before))
                    : answer;
        }));
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
