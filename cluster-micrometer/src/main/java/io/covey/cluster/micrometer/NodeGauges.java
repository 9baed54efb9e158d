package io.covey.cluster.micrometer;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.MessageStats;
import io.covey.cluster.Rejection;
import io.covey.cluster.spi.MessageBus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What is asked of a node when somebody looks. */
record NodeGauges(Cluster cluster) implements MeterBinder {
    private static final String CONNECTIONS = "connection";

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge("covey.members", node -> node.members().list().size())
                .description("Members of the cluster as this node sees them")
                .register(registry);
        gauge("covey.members.suspected", node -> node.members().suspected().size())
                .description("Members that have been silent for longer than they should")
                .register(registry);
        gauge("covey.leader", node -> node.members().leader().equals(node.self()) ? 1 : 0)
                .description("Whether this node is the leader: 1 or 0")
                .register(registry);
        gauge("covey.live", node -> node.health().live().ok() ? 1 : 0)
                .description("Whether the loops of this node get on: 1 or 0")
                .register(registry);
        gauge("covey.ready", node -> node.health().ready().ok() ? 1 : 0)
                .description("Whether this node can be given work: 1 or 0")
                .register(registry);
        gauge("covey.backend.up", node -> node.health().state().up() ? 1 : 0)
                .description("Whether the backend answers: 1 or 0")
                .register(registry);
        gauge("covey.rooms.memberships", node -> node.rooms().held())
                .description("Memberships of rooms that belong to this node")
                .register(registry);
        gauge("covey.connections", node -> node.owners().held(CONNECTIONS))
                .description("Connections of clients that this node holds")
                .register(registry);
        TimeGauge.builder(
                        "covey.clock.offset",
                        cluster,
                        TimeUnit.NANOSECONDS,
                        whileOpen(node -> node.clock().offset().toNanos()))
                .description("How far the clock of the backend is ahead of that of this machine")
                .register(registry);
        TimeGauge.builder("covey.bus.unproven", cluster, TimeUnit.NANOSECONDS, whileOpen(NodeGauges::unproven))
                .description("For how long nothing has proved that the subscriptions of this node hear")
                .register(registry);
        counter("covey.messages.published", MessageStats::published)
                .description("Messages handed to the backend: of topics, rooms and calls, and between nodes")
                .register(registry);
        counter("covey.messages.delivered", MessageStats::received)
                .description("Messages handed to subscribers of this node")
                .register(registry);
        counter("covey.messages.dropped", MessageStats::dropped)
                .description("Messages that found the queue before their subscriber full")
                .register(registry);
        counter("covey.messages.gaps", MessageStats::gaps)
                .description("How often a subscriber was told that messages may be missing")
                .register(registry);
        counter("covey.messages.unreadable", MessageStats::undecodable)
                .description("Messages that the codec of their subscriber could not read")
                .register(registry);
        for (Rejection reason : Rejection.values()) {
            FunctionCounter.builder(
                            "covey.messages.rejected",
                            cluster,
                            node -> node.health().rejected().getOrDefault(reason, 0L))
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .description("Messages that were not let in")
                    .register(registry);
        }
    }

    private static double unproven(Cluster node) {
        return node.transport()
                .bus()
                .flatMap(MessageBus::unproven)
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private FunctionCounter.Builder<Cluster> counter(String name, ToDoubleFunction<MessageStats> value) {
        return FunctionCounter.builder(
                name, cluster, node -> value.applyAsDouble(node.health().messages()));
    }

    private Gauge.Builder<Cluster> gauge(String name, ToDoubleFunction<Cluster> value) {
        return Gauge.builder(name, cluster, whileOpen(value));
    }

    /** Of a node that is closed nothing is known. */
    private static ToDoubleFunction<Cluster> whileOpen(ToDoubleFunction<Cluster> value) {
        return node -> {
            try {
                return value.applyAsDouble(node);
            } catch (ClusterException e) {
                return Double.NaN;
            }
        };
    }
}
