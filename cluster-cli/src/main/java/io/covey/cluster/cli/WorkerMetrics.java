package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.micrometer.ClusterMetrics;
import io.covey.cluster.micrometer.QueueMetrics;
import io.covey.cluster.micrometer.RpcMetrics;
import io.covey.cluster.micrometer.TaskMetrics;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.Worker;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The meters of a worker process, served by {@link MetricsServer}. */
final class WorkerMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MetricsServer server;
    private Optional<TaskMetrics> tasks = Optional.empty();

    private WorkerMetrics(String host, int port, String name) {
        registry.config().meterFilter(new Buckets());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        this.server = MetricsServer.start(host, port, name, registry::scrape);
    }

    static WorkerMetrics serve(String host, int port, String name) {
        return new WorkerMetrics(host, port, name);
    }

    void joined(Cluster cluster) {
        new ClusterMetrics(cluster).bindTo(registry);
        new QueueMetrics(cluster).bindTo(registry);
        TaskMetrics metrics = new TaskMetrics(cluster);
        metrics.bindTo(registry);
        tasks = Optional.of(metrics);
        server.joined(cluster);
    }

    Worker.Builder around(Worker.Builder worker) {
        return tasks.orElseThrow().around(worker);
    }

    void started(Worker worker) {
        tasks.orElseThrow().watch(worker);
    }

    void serves(Rpc rpc) {
        new RpcMetrics(rpc).bindTo(registry);
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }

    /** Timers of ours have buckets, so that quantiles can be taken over all processes. */
    private static final class Buckets implements MeterFilter {
        private static final double[] NANOS = Stream.of(1L, 5L, 25L, 100L, 500L, 1_000L, 5_000L, 30_000L, 300_000L)
                .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
                .toArray();

        @Override
        public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
            return id.getType() == Meter.Type.TIMER && id.getName().startsWith("covey.")
                    ? DistributionStatisticConfig.builder()
                            .serviceLevelObjectives(NANOS)
                            .build()
                            .merge(config)
                    : config;
        }
    }
}
