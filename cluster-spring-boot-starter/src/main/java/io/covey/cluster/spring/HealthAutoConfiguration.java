package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of the node, and of its worker, where Spring Boot's health is on the class path. */
@AutoConfiguration(after = {ClusterAutoConfiguration.class, TasksAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSingleCandidate(Cluster.class)
@ConditionalOnEnabledHealthIndicator("covey")
public final class HealthAutoConfiguration {

    /** For Spring. */
    public HealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "coveyHealthIndicator")
    HealthIndicator coveyHealthIndicator(Cluster cluster) {
        return new NodeHealth(cluster);
    }

    /** Where tasks are. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.covey.cluster.tasks.Worker")
    static class OfTheWorker {

        @Bean
        @ConditionalOnMissingBean(name = "coveyWorkerHealthIndicator")
        HealthIndicator coveyWorkerHealthIndicator(ObjectProvider<WorkerLifecycle> workers) {
            return new WorkerHealthIndicator(workers);
        }
    }
}
