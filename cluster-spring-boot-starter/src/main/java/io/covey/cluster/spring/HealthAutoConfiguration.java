package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Whether the node lives and is ready, its worker with it, where Spring Boot's health is on the class path. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSingleCandidate(Cluster.class)
@ConditionalOnEnabledHealthIndicator("covey")
public final class HealthAutoConfiguration {

    /** For Spring. */
    public HealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "coveyLiveHealthIndicator")
    HealthIndicator coveyLiveHealthIndicator(Cluster cluster) {
        return new ReportedHealth(cluster, cluster.health()::live);
    }

    @Bean
    @ConditionalOnMissingBean(name = "coveyReadyHealthIndicator")
    HealthIndicator coveyReadyHealthIndicator(Cluster cluster) {
        return new ReportedHealth(cluster, cluster.health()::ready);
    }
}
