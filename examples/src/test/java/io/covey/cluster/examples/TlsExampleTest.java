package io.covey.cluster.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.ClusterConfig;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.PrivateCa;
import io.covey.cluster.redis.driver.TlsServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An example with a Redis whose certificate a private CA has signed. */
@Tag("long")
class TlsExampleTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void anExampleRunsOverTlsAndAnotherCaIsRefused(String driver) throws InterruptedException {
        PrivateCa ca = new PrivateCa(directory, "ca");
        Path stranger = new PrivateCa(directory, "stranger").certificate();
        try (TlsServer server = TlsServer.start(ca.issue("server", "localhost"), ca.certificate(), "no")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            String uri = server.uri("localhost").replace("rediss://", "rediss+" + driver + "://");
            TasksExample.run(config(uri), new PrintStream(out, true, StandardCharsets.UTF_8));
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("all done: true");
            String wrong = uri.replaceAll("ca=.*", "ca=" + stranger);
            assertThatThrownBy(() -> TasksExample.run(config(wrong), System.out))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("not signed by anybody who is trusted here");
        }
    }

    private static ClusterConfig.Builder config(String uri) {
        return ClusterConfig.builder(uri).withoutSecurity();
    }
}
