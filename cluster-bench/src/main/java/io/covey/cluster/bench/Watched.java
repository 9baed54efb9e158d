package io.covey.cluster.bench;

import io.covey.cluster.Cluster;
import io.covey.cluster.micrometer.ClusterMetrics;
import io.covey.cluster.micrometer.TaskMetrics;
import io.covey.cluster.micrometer.TaskTracing;
import io.covey.cluster.tasks.Worker;
import io.micrometer.core.instrument.MeterRegistry;

/** What watches a node that runs tasks. */
enum Watched {
    /** Nothing: the module is not on the path, nobody listens. Beside its like it shows how much is chance. */
    PLAIN,
    /** Meters of node and tasks, in a registry for Prometheus. */
    METERS,
    /** Those, and traces as they are unless set otherwise: at most so many attempts a second are observed. */
    METERS_AND_TRACES,
    /** Those, and each attempt observed, of which one in ten is sampled. */
    METERS_AND_ALL_TRACES;

    void watch(Cluster node, Worker.Builder worker, MeterRegistry registry, Tracing tracing) {
        if (this == PLAIN) {
            return;
        }
        new ClusterMetrics(node).bindTo(registry);
        TaskMetrics metrics = new TaskMetrics(node);
        metrics.bindTo(registry);
        metrics.around(worker);
        TaskTracing traces = new TaskTracing(node, tracing.registry());
        if (this == METERS_AND_TRACES) {
            traces.around(worker);
        } else if (this == METERS_AND_ALL_TRACES) {
            traces.observing(1).around(worker);
        }
    }
}
