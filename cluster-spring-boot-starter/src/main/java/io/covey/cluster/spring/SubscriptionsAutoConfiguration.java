package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** What beans subscribe to, see {@link Subscribe}. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@ConditionalOnSingleCandidate(Cluster.class)
public final class SubscriptionsAutoConfiguration {

    /** For Spring. */
    public SubscriptionsAutoConfiguration() {}

    @Bean
    Subscriptions coveySubscriptions(Cluster cluster, ConfigurableListableBeanFactory beans) {
        return new Subscriptions(cluster, beans);
    }
}
