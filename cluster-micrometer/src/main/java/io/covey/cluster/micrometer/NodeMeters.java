package io.covey.cluster.micrometer;

import io.covey.cluster.NodeEvent;
import io.covey.cluster.NodeEvent.Leased;
import io.covey.cluster.NodeListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a node does, in one registry. */
final class NodeMeters implements NodeListener {
    private final CacheMeters caches;
    private final Map<Leased, Leases> leases = new EnumMap<>(Leased.class);

    NodeMeters(MeterRegistry registry) {
        this.caches = new CacheMeters(registry);
        for (Leased kind : Leased.values()) {
            leases.put(kind, Leases.of(kind, registry));
        }
    }

    @Override
    public void on(NodeEvent event) {
        if (event instanceof NodeEvent.CacheRead read) {
            caches.read(read);
        } else if (event instanceof NodeEvent.CacheLoaded loaded) {
            caches.loaded(loaded);
        } else if (event instanceof NodeEvent.LeaseAwaited awaited) {
            leases.get(awaited.kind()).awaited(awaited);
        } else if (event instanceof NodeEvent.LeaseEnded ended) {
            leases.get(ended.kind()).ended(ended);
        }
    }

    /** Of locks, or of permits. */
    private record Leases(Timer granted, Timer refused, Timer released, Timer lost, AtomicInteger held) {

        static Leases of(Leased kind, MeterRegistry registry) {
            AtomicInteger held = new AtomicInteger();
            Gauge.builder("covey.locks.held", held, AtomicInteger::get)
                    .strongReference(true)
                    .tag("kind", tag(kind))
                    .description("Locks or permits that this node holds, of those given since this was bound")
                    .register(registry);
            return new Leases(
                    waiting(kind, "granted", registry),
                    waiting(kind, "refused", registry),
                    holding(kind, "released", registry),
                    holding(kind, "lost", registry),
                    held);
        }

        private static Timer waiting(Leased kind, String outcome, MeterRegistry registry) {
            return Timer.builder("covey.locks.wait")
                    .tags("kind", tag(kind), "outcome", outcome)
                    .description("How long somebody waited for a lock or a permit")
                    .register(registry);
        }

        private static Timer holding(Leased kind, String outcome, MeterRegistry registry) {
            return Timer.builder("covey.locks.hold")
                    .tags("kind", tag(kind), "outcome", outcome)
                    .description("How long a lock or a permit was held, until it was released or lost")
                    .register(registry);
        }

        void awaited(NodeEvent.LeaseAwaited awaited) {
            (awaited.granted() ? granted : refused).record(awaited.took());
            if (awaited.granted()) {
                held.incrementAndGet();
            }
        }

        /** What was given before this was bound is not counted. */
        void ended(NodeEvent.LeaseEnded ended) {
            (ended.lost() ? lost : released).record(ended.held());
            held.updateAndGet(now -> Math.max(0, now - 1));
        }
    }

    private static String tag(Leased value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
