/**
 * Meters and traces of a node by Micrometer.
 *
 * <p>Meters: {@link io.covey.cluster.micrometer.ClusterMetrics}, {@link io.covey.cluster.micrometer.RpcMetrics},
 * {@link io.covey.cluster.micrometer.TaskMetrics}, {@link io.covey.cluster.micrometer.QueueMetrics}. Traces:
 * {@link io.covey.cluster.micrometer.TaskTracing}, {@link io.covey.cluster.micrometer.RpcTracing},
 * {@link io.covey.cluster.micrometer.TopicTracing}.
 */
@NullMarked
package io.covey.cluster.micrometer;

import org.jspecify.annotations.NullMarked;
