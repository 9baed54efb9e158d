package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcOptions;
import io.covey.cluster.rpc.connections.Connections;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** Calls, and the services among the beans, where cluster-rpc is on the class path. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@ConditionalOnClass(Rpc.class)
@ConditionalOnSingleCandidate(Cluster.class)
@EnableConfigurationProperties(RpcProperties.class)
public final class RpcAutoConfiguration {

    /** For Spring. */
    public RpcAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @Lazy
    @ConditionalOnMissingBean
    Rpc coveyRpc(Cluster cluster, RpcProperties properties) {
        return Rpc.on(
                cluster,
                new RpcOptions(
                        properties.threads(),
                        properties.waiting(),
                        properties.openCalls(),
                        properties.askForStackTraces(),
                        properties.tellStackTraces()));
    }

    /** After the calls, so that they are opened with their options. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean
    Connections coveyConnections(Cluster cluster, @SuppressWarnings("unused") Rpc rpc) {
        return Connections.on(cluster);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "covey.rpc.serve", matchIfMissing = true)
    ServedBeans coveyServedBeans(
            ObjectProvider<Rpc> rpc,
            ConfigurableListableBeanFactory beans,
            ConfigurableApplicationContext application) {
        return new ServedBeans(rpc, beans, application);
    }
}
