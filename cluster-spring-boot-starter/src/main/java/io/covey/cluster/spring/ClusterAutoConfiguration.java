package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.ServiceLoader;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** A node, unless the application has one of its own. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "covey.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ClusterProperties.class)
public final class ClusterAutoConfiguration {

    /** For Spring. */
    public ClusterAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Cluster coveyCluster(
            ClusterProperties properties,
            Environment environment,
            ObjectProvider<ClusterConfigCustomizer> customizers) {
        return join(properties, config(properties, environment, customizers));
    }

    private static ClusterConfig config(
            ClusterProperties properties,
            Environment environment,
            ObjectProvider<ClusterConfigCustomizer> customizers) {
        try {
            ClusterConfig.Builder config = ClusterSettings.of(properties, environment);
            customizers.orderedStream().forEach(customizer -> customizer.customize(config));
            return config.build();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new JoinFailedException(JoinFailedException.Reason.SETTING, e.getMessage(), e);
        }
    }

    private static Cluster join(ClusterProperties properties, ClusterConfig config) {
        try {
            return Cluster.join(config);
        } catch (IllegalArgumentException e) {
            throw new JoinFailedException(JoinFailedException.Reason.SETTING, e.getMessage(), e);
        } catch (TransportException e) {
            throw new JoinFailedException(
                    JoinFailedException.Reason.UNREACHABLE, at(config) + ": " + e.getMessage(), e);
        } catch (ClusterException e) {
            throw new JoinFailedException(reason(config.transport().scheme()), e.getMessage(), e);
        }
    }

    private static String at(ClusterConfig config) {
        TransportConfig transport = config.transport();
        return "The cluster at " + transport.printableUri() + " cannot be joined";
    }

    private static JoinFailedException.Reason reason(String scheme) {
        List<TransportProvider> answering = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.schemes().contains(scheme))
                .toList();
        return switch (answering.size()) {
            case 0 -> JoinFailedException.Reason.NO_DRIVER;
            case 1 -> JoinFailedException.Reason.OTHER;
            default -> JoinFailedException.Reason.TWO_DRIVERS;
        };
    }
}
