package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Security;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ClusterAutoConfigurationTest {
    private static final String TOKEN = "kM3vQ9xR2tY7wZ1b";

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Configuration(proxyBeanMethods = false)
    static class OfItsOwn {
        @Bean
        Cluster mine() {
            return Cluster.join(Applications.local());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customized {
        @Bean
        ClusterConfigCustomizer metadata() {
            return config -> config.metadata("zone", "b");
        }
    }

    @Test
    void propertiesMakeTheSettingsOfTheNode() {
        try (ConfigurableApplicationContext app = Applications.run(
                Customized.class,
                "spring.application.name=My Shop",
                "covey.namespace=shop",
                "covey.task-namespace={shop-tasks}",
                "covey.beat=1s",
                "covey.drain=3s",
                "covey.command-timeout=2s",
                "covey.connect-timeout=4s",
                "covey.max-value-size=1KB",
                "covey.max-message-size=64KB",
                "covey.secured-channels=/internal",
                "covey.token=" + TOKEN,
                "covey.node.metadata.version=7")) {
            Cluster cluster = app.getBean(Cluster.class);
            assertThat(cluster.config().name()).isEqualTo("My-Shop");
            assertThat(cluster.config().transport().namespace()).isEqualTo("shop");
            assertThat(cluster.config().transport().taskNamespace()).isEqualTo("{shop-tasks}");
            assertThat(cluster.config().transport().commandTimeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(cluster.config().transport().connectTimeout()).isEqualTo(Duration.ofSeconds(4));
            assertThat(cluster.config().beat()).isEqualTo(Duration.ofSeconds(1));
            assertThat(cluster.config().drain()).isEqualTo(Duration.ofSeconds(3));
            assertThat(cluster.config().maxValueBytes()).isEqualTo(1024);
            assertThat(cluster.config().maxFrameBytes()).isEqualTo(64 * 1024);
            assertThat(cluster.config().metadata()).isEqualTo(Map.of("version", "7", "zone", "b"));
            assertThat(cluster.config().security().tokens()).hasSize(1);
            assertThat(cluster.config().security().namespaces())
                    .containsExactlyInAnyOrder(Security.CLUSTER_NAMESPACE, "/internal");
        }
    }

    @Test
    void aFileOfTokensGoesBeforeAToken(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("covey.token"), TOKEN + "\nanother-9f3kQ7wLpX2\n");
        try (ConfigurableApplicationContext app = Applications.run(
                Nothing.class, "covey.token-file=" + file, "covey.token=third-8wLpX2vQ9xR", "covey.node.name=front")) {
            Security security = app.getBean(Cluster.class).config().security();
            assertThat(security.file().orElseThrow().path()).isEqualTo(file);
            assertThat(security.tokens()).hasSize(2);
            assertThat(app.getBean(Cluster.class).config().name()).isEqualTo("front");
        }
    }

    @Test
    void securityIsTurnedOffOnlyIfThereIsNoToken() {
        try (ConfigurableApplicationContext app = Applications.run(Nothing.class, "covey.without-security=true")) {
            assertThat(app.getBean(Cluster.class).config().security().off()).isTrue();
        }
        assertThatThrownBy(() -> Applications.run(Nothing.class, "covey.without-security=true", "covey.token=" + TOKEN))
                .hasRootCauseMessage("covey.without-security is true and there is a server token: one or the other");
    }

    @Test
    void aClusterOfTheApplicationsOwnIsTheOnlyOne() {
        try (ConfigurableApplicationContext app = Applications.run(OfItsOwn.class, "covey.uri=nonsense")) {
            assertThat(app.getBeanNamesForType(Cluster.class)).containsExactly("mine");
        }
    }

    @Test
    void nothingIsThereWhereItIsNotEnabled() {
        try (ConfigurableApplicationContext app =
                Applications.run(Nothing.class, "covey.enabled=false", "covey.uri=nonsense")) {
            assertThat(app.getBeanNamesForType(Cluster.class)).isEmpty();
            assertThat(app.getBeanNamesForType(WorkerLifecycle.class)).isEmpty();
            assertThat(app.getBeanNamesForType(ServedBeans.class)).isEmpty();
        }
    }

    @Test
    void twoApplicationsOfOneProcessAreTwoNodesAndEachLeavesAlone() {
        String uri = "covey.uri=" + Applications.local();
        try (ConfigurableApplicationContext one = Applications.run(Nothing.class, uri)) {
            Cluster first = one.getBean(Cluster.class);
            ConfigurableApplicationContext two = Applications.run(Nothing.class, uri);
            assertThat(first.members().refresh()).hasSize(2);
            Cluster second = two.getBean(Cluster.class);
            two.close();
            two.close();
            assertThat(first.members().refresh()).containsExactly(first.self());
            assertThatThrownBy(() -> second.members().list()).isInstanceOf(ClusterException.class);
        }
    }

    @Test
    void tokensArePrintedNowhere() {
        try (ConfigurableApplicationContext app = Applications.run(Nothing.class, "covey.token=" + TOKEN)) {
            assertThat(app.getBean(ClusterProperties.class).toString()).doesNotContain(TOKEN);
        }
    }
}
