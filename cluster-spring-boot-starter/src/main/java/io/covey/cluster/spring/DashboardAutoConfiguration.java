package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.dashboard.Dashboard;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** A dashboard on a port of its own, if it is asked for and cluster-dashboard is on the class path. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@ConditionalOnClass(Dashboard.class)
@ConditionalOnSingleCandidate(Cluster.class)
@ConditionalOnBooleanProperty("covey.dashboard.enabled")
@EnableConfigurationProperties(DashboardProperties.class)
public final class DashboardAutoConfiguration {

    /** For Spring. */
    public DashboardAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean({Dashboard.class, ServedDashboard.class})
    ServedDashboard coveyDashboard(Cluster cluster, DashboardProperties properties) {
        return new ServedDashboard(cluster, properties);
    }
}
