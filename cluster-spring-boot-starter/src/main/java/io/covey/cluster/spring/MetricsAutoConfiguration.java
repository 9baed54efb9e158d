package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.micrometer.ClusterMetrics;
import io.covey.cluster.micrometer.QueueMetrics;
import io.covey.cluster.micrometer.RpcMetrics;
import io.covey.cluster.micrometer.TaskMetrics;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.TaskQueue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The meters of the node, its tasks and its calls, where cluster-micrometer is on the class path and a registry a bean. */
@AutoConfiguration(
        after = {ClusterAutoConfiguration.class, RpcAutoConfiguration.class, TasksAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass({MeterBinder.class, ClusterMetrics.class})
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnSingleCandidate(Cluster.class)
@ConditionalOnBooleanProperty(name = "covey.metrics.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MetricsProperties.class)
public final class MetricsAutoConfiguration {

    /** For Spring. */
    public MetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ClusterMetrics coveyClusterMetrics(Cluster cluster) {
        return new ClusterMetrics(cluster);
    }

    /** Where cluster-tasks is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TaskQueue.class)
    @ConditionalOnSingleCandidate(Cluster.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class Tasks {

        @Bean
        @ConditionalOnMissingBean
        TaskMetrics coveyTaskMetrics(Cluster cluster) {
            return new TaskMetrics(cluster);
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBooleanProperty(name = "covey.metrics.queues", matchIfMissing = true)
        QueueMetrics coveyQueueMetrics(Cluster cluster, MetricsProperties properties) {
            return new QueueMetrics(cluster, properties.queueInterval());
        }

        @Bean
        WorkerCustomizer coveyWorkerMetrics(TaskMetrics metrics) {
            return metrics::around;
        }

        @Bean
        WorkerWatcher coveyWorkerMeters(TaskMetrics metrics) {
            return metrics::watch;
        }

        @Bean
        static BeanPostProcessor coveyTaskQueueMetrics(ObjectProvider<TaskMetrics> metrics) {
            return new Wrapping<>(TaskQueue.class, tasks -> metrics.getObject().around(tasks));
        }
    }

    /** Where cluster-rpc is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Rpc.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class Calls {

        /** Not a binder among the beans, since that would open the calls of nodes that have none. */
        @Bean
        static BeanPostProcessor coveyRpcMetrics(ObjectProvider<MeterRegistry> registries) {
            return new Wrapping<>(Rpc.class, rpc -> {
                registries.ifUnique(registry -> new RpcMetrics(rpc).bindTo(registry));
                return rpc;
            });
        }
    }
}
