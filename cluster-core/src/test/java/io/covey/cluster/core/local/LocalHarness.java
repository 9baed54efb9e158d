package io.covey.cluster.core.local;

import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.TransportHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend of its own for each test, on a clock that stands still unless it is for nodes, which run. */
final class LocalHarness implements TransportHarness {
    private static final TransportConfig CONFIG = TransportConfig.of("local:");
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger namespaces = new AtomicInteger();
    private final LocalBackend backend;

    LocalHarness() {
        this(ListenerThreads.start());
    }

    LocalHarness(Executor executor) {
        this.backend = LocalBackend.create(clock, executor);
    }

    private LocalHarness(LocalBackend backend) {
        this.backend = backend;
    }

    /** On the clock of the machine. */
    static LocalHarness running() {
        return new LocalHarness(LocalBackend.create());
    }

    @Override
    public Transport open() {
        return backend.open(CONFIG);
    }

    @Override
    public Transport openElsewhere() {
        String other = "other" + namespaces.incrementAndGet();
        return backend.open(CONFIG.withNamespace(other).withTaskNamespace(other));
    }

    @Override
    public void pass(Duration time, String... queues) {
        backend.passLeaseTime(time);
    }

    @Override
    public void elapse(Duration time) {
        clock.advance(time);
    }

    @Override
    public void close() {}
}
