package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.micrometer.RpcTracing;
import io.covey.cluster.micrometer.TaskRunTracingHandler;
import io.covey.cluster.micrometer.TaskTracing;
import io.covey.cluster.micrometer.TopicTracing;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.TaskQueue;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Traces tasks, calls and messages where cluster-micrometer is on the class path and a tracer a bean, be it the one of
 * Spring Boot that does nothing: observations make meters too. Without a tracer among the beans it costs nothing.
 */
@AutoConfiguration(
        after = {ClusterAutoConfiguration.class, RpcAutoConfiguration.class, TasksAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration"
        })
@ConditionalOnClass({ObservationRegistry.class, Tracer.class, TopicTracing.class})
@ConditionalOnBean({Cluster.class, ObservationRegistry.class, Tracer.class})
@ConditionalOnBooleanProperty(name = "covey.tracing.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TracingProperties.class)
public final class TracingAutoConfiguration {
    /** Before Spring Boot's handlers, of which the first that supports a context takes it. */
    private static final int FIRST = 0;

    /** For Spring. */
    public TracingAutoConfiguration() {}

    @Bean
    static BeanPostProcessor coveyTopicTracing(ObjectProvider<ObservationRegistry> registry) {
        return new Wrapping<>(Cluster.class, cluster -> {
            cluster.around(new TopicTracing(registry.getObject()));
            return cluster;
        });
    }

    /** Where cluster-tasks is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TaskQueue.class)
    @ConditionalOnBean({Cluster.class, ObservationRegistry.class, Tracer.class})
    static class Tasks {

        @Bean
        @ConditionalOnMissingBean
        TaskTracing coveyTaskTracing(Cluster cluster, ObservationRegistry registry, TracingProperties properties) {
            return new TaskTracing(cluster, registry).observingAtMost(properties.attemptsPerSecond());
        }

        @Bean
        WorkerCustomizer coveyWorkerTracing(TaskTracing tracing) {
            return tracing::around;
        }

        @Bean
        static BeanPostProcessor coveyTaskQueueTracing(ObjectProvider<TaskTracing> tracing) {
            return new Wrapping<>(TaskQueue.class, tasks -> tracing.getObject().around(tasks));
        }

        /** Each attempt is a trace of its own, linked to its enqueue. */
        @Bean
        @Order(FIRST)
        @ConditionalOnMissingBean
        TaskRunTracingHandler coveyTaskRunTracingHandler(Tracer tracer) {
            return new TaskRunTracingHandler(tracer);
        }
    }

    /** Where cluster-rpc is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Rpc.class)
    @ConditionalOnBean({ObservationRegistry.class, Tracer.class})
    static class Calls {

        @Bean
        static BeanPostProcessor coveyRpcTracing(ObjectProvider<ObservationRegistry> registry) {
            return new Wrapping<>(Rpc.class, rpc -> {
                rpc.around(new RpcTracing(registry.getObject()));
                return rpc;
            });
        }
    }
}
