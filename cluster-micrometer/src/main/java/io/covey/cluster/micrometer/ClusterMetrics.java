package io.covey.cluster.micrometer;

import io.covey.cluster.Cluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of a node: members, health, the connection to the backend, caches, locks, messages, rooms and connections.
 * {@code docs/observability.md} lists them. Nothing is counted before it is bound. Thread-safe.
 *
 * <pre>{@code
 * ClusterMetrics metrics = new ClusterMetrics(cluster);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Tags are bounded: names of caches up to 100, then {@code other}; no key, no channel, no name of a lock.
 */
public final class ClusterMetrics implements MeterBinder, AutoCloseable {
    private final Cluster cluster;
    private final Bindings bindings = new Bindings();

    /**
     * Binds nothing yet.
     *
     * @param cluster the node
     */
    public ClusterMetrics(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        new NodeGauges(cluster).bindTo(registry);
        new TrafficMeters(cluster.transport()).bindTo(registry);
        bindings.add(cluster.listen(new NodeMeters(registry)));
    }

    /** Counts nothing any more. The meters stay in their registries. */
    @Override
    public void close() {
        bindings.close();
    }
}
