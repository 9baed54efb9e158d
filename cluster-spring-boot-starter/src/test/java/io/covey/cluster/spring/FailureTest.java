package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.covey.cluster.rpc.RpcService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What people are told when an application cannot start. Both drivers are on the class path here. */
class FailureTest {

    @RpcService
    interface Greeter {
        String greet(String name);
    }

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Configuration(proxyBeanMethods = false)
    static class Serving {
        @Bean
        Greeter greeter() {
            return new Greeter() {
                @Override
                public String greet(String name) {
                    return "Hello, " + name;
                }
            };
        }
    }

    @Test
    void aUriThatIsNoneIsShownWithWhatItMayBe() {
        FailureAnalysis told = analysis(Nothing.class, "covey.uri=localhost");
        assertThat(told.getDescription()).contains("localhost");
        assertThat(told.getAction()).contains("redis://host:port").contains("local:");
    }

    @Test
    void aSchemeThatNoDriverKnowsNamesTheArtifacts() {
        FailureAnalysis told = analysis(Nothing.class, "covey.uri=valkeys://localhost");
        assertThat(told.getAction()).contains("io.covey:cluster-redis-lettuce").contains("covey.uri=local:");
    }

    @Test
    void twoDriversAreAskedToBecomeOneByAProperty() {
        FailureAnalysis told = analysis(Nothing.class, "covey.uri=redis://localhost:1");
        assertThat(told.getDescription()).contains("cluster-redis-jedis").contains("cluster-redis-lettuce");
        assertThat(told.getAction()).contains("covey.driver");
    }

    @Test
    void aServerThatDoesNotAnswerIsNamedWithoutItsPassword() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String driver : List.of("jedis", "lettuce")) {
            FailureAnalysis told = analysis(
                    Nothing.class,
                    "covey.uri=redis://me:hush@127.0.0.1:" + port,
                    "covey.driver=" + driver,
                    "covey.connect-timeout=1s");
            assertThat(told.getDescription())
                    .contains("127.0.0.1:" + port)
                    .doesNotContain("hush")
                    .doesNotContain("\n");
            assertThat(told.getAction()).contains("Start the server").contains("covey.uri");
        }
    }

    @Test
    void aSettingOutOfItsLimitsIsNamed() {
        FailureAnalysis told = analysis(Nothing.class, "covey.uri=local:", "covey.beat=1ms");
        assertThat(told.getDescription()).contains("beat must be between");
    }

    @Test
    void aMissingFileOfTokensIsNamed() {
        FailureAnalysis told = analysis(Nothing.class, "covey.uri=local:", "covey.token-file=/nowhere/covey.token");
        assertThat(told.getDescription()).contains("/nowhere/covey.token");
    }

    @Test
    void acceptedTokensThatWouldBeAcceptedByNobodyAreRefused(@TempDir Path folder) throws IOException {
        String accepted = "covey.accepted-tokens=an-older-token-of-32-random-bytes";
        Path file = Files.writeString(folder.resolve("token"), "a-newer-token-of-32-random-bytes\n");
        for (String instead : List.of("covey.token-file=" + file, "covey.token=", "covey.without-security=true")) {
            FailureAnalysis told = analysis(Nothing.class, "covey.uri=local:", accepted, instead);
            assertThat(told.getDescription()).contains("covey.accepted-tokens").contains("covey.token");
        }
    }

    private static FailureAnalysis analysis(Class<?> source, String... properties) {
        Throwable thrown =
                catchThrowable(() -> Applications.run(source, properties).close());
        assertThat(thrown).isNotNull();
        // Some of Spring Boot's want what only a running application has.
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, SpringFactoriesLoader.FailureHandler.handleMessage((what, why) -> {}))
                .stream()
                .map(analyzer -> analyzer.analyze(thrown))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nobody explains " + thrown, thrown));
    }
}
