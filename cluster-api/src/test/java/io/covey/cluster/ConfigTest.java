package io.covey.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigTest {

    @Test
    void noTextFormShowsAPassword() {
        ClusterConfig config = ClusterConfig.builder("redis://user:canary@host:6379/3")
                .token(Secret.of("canary-canary-canary"))
                .build();
        assertThat(config.toString()).doesNotContain("canary").contains("redis://***@host:6379/3");
        assertThat(TransportConfig.of("jdbc:h2:tcp://host/db;USER=sa;PASSWORD=canary;MODE=x")
                        .toString())
                .doesNotContain("canary")
                .contains("PASSWORD=***;MODE=x");
    }

    @Test
    void limitsAreCheckedByNameAndValue() {
        assertThatThrownBy(() -> ClusterConfig.builder("local:")
                        .beat(Duration.ofMillis(10))
                        .build())
                .hasMessage("beat must be between PT0.3S and PT1M, was PT0.01S");
        assertThatThrownBy(() -> ClusterConfig.builder("local:").namespace("a b"))
                .hasMessageContaining("namespace")
                .hasMessageContaining("a b");
        assertThatThrownBy(() -> TransportConfig.of("localhost")).hasMessageContaining("redis://host:6379");
    }

    @Test
    void aTaskNamespaceMayBeAHashTag() {
        assertThat(TransportConfig.of("local:").withTaskNamespace("{resque}").taskNamespace())
                .isEqualTo("{resque}");
    }

    @Test
    void aPasswordIsNotPrintedWhereTheSchemeWasForgotten() {
        assertThatThrownBy(() -> TransportConfig.of("canary@host:6379")).hasMessageContaining("was ***@host:6379");
        assertThat(TransportConfig.of("ada:canary@host:6379").printableUri()).isEqualTo("***@host:6379");
        assertThat(TransportConfig.of("local:nodes").printableUri()).isEqualTo("local:nodes");
    }

    @Test
    void aPasswordIsNotPrintedWhateverIsInIt() {
        assertThat(TransportConfig.of("redis://ada:se/cr@et@host:1/2"))
                .asString()
                .contains("redis://***@host:1/2")
                .doesNotContain("se/", "et@");
    }
}
