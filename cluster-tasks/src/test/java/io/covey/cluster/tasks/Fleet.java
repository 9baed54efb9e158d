package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.local.ManualClock;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** Some nodes of one in-process backend whose clock is set by hand. */
final class Fleet implements AutoCloseable {
    private static final TransportConfig CONFIG =
            TransportConfig.of("local:").withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final ExecutorService hints = Executors.newCachedThreadPool();
    private final LocalBackend backend = LocalBackend.create(clock, hints);
    private final Deque<Cluster> nodes = new ArrayDeque<>();

    Cluster join() {
        return join(backend.open(CONFIG));
    }

    /** A node whose task calls can be made to fail. */
    Cluster join(Faults faults) {
        return join(faults::on);
    }

    /** A node of whose transport something is made. */
    Cluster join(UnaryOperator<Transport> around) {
        return join(around.apply(backend.open(CONFIG)));
    }

    Instant now() {
        return clock.instant();
    }

    void elapse(Duration time) {
        clock.advance(time);
    }

    void passLeases(Duration time) {
        backend.passLeaseTime(time);
    }

    @Override
    public void close() {
        while (!nodes.isEmpty()) {
            nodes.pop().close(Duration.ZERO);
        }
        hints.shutdownNow();
    }

    private Cluster join(Transport transport) {
        Cluster node = Cluster.join(ClusterConfig.builder("local:")
                .transport(CONFIG)
                .transport(transport)
                .build());
        nodes.push(node);
        return node;
    }
}
