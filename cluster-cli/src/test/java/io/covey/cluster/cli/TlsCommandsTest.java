package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.PrivateCa;
import io.covey.cluster.redis.driver.TlsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The command and the dashboard with a Redis whose certificate a private CA has signed. */
@Tag("long")
class TlsCommandsTest {
    @TempDir
    Path directory;

    private TlsServer server;
    private Path stranger;

    @BeforeEach
    void start() {
        PrivateCa ca = new PrivateCa(directory, "ca");
        stranger = new PrivateCa(directory, "stranger").certificate();
        server = TlsServer.start(ca.issue("server", "localhost"), ca.certificate(), "no");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String wrong() {
        return "rediss://localhost:" + server.port() + "?ca=" + stranger;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void commandsReachRedisAndAnotherCaIsRefusedInOneLine(String driver) {
        String[] trusted = {"--uri=" + server.uri("localhost"), "--driver=" + driver};
        assertThat(run("enqueue --queue=mail --type=greet --args=[1]", trusted).out())
                .startsWith("OK ");
        assertThat(run("queues", trusted).out()).contains("mail");
        assertThat(run("doctor --quiet", trusted).err()).isEmpty();
        assertThat(run("keys", trusted).out()).contains("R:queue:");
        for (String line : List.of("queues", "doctor")) {
            Shell.Run refused = run(line, "--uri=" + wrong(), "--driver=" + driver);
            assertThat(refused.status()).as(line).isEqualTo(1);
            assertThat(refused.err())
                    .contains("not signed by anybody who is trusted here", "?ca=FILE")
                    .doesNotContain("\tat ");
        }
    }

    private static Shell.Run run(String line, String... more) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of(more));
        return Shell.run(Map.of("COVEY_WITHOUT_SECURITY", "true"), words.toArray(String[]::new));
    }

    @Test
    void theDashboardReachesRedisAndAnotherCaIsRefusedInOneLine() throws Exception {
        Path log = directory.resolve("log");
        Process served = dashboard(server.uri("localhost"), log);
        try (BufferedReader lines = served.inputReader()) {
            String ready = lines.readLine();
            assertThat(ready).as(() -> read(log)).contains("\"ready\"");
            URI page = URI.create(JsonMapper.shared().readTree(ready).get("uri").asString());
            assertThat(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isLessThan(400);
        } finally {
            served.destroyForcibly().waitFor();
        }
        Process refused = dashboard(wrong(), log);
        assertThat(refused.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(read(log))
                .contains("cluster dashboard: ", "not signed by anybody who is trusted here")
                .doesNotContain("\tat ");
    }

    private static Process dashboard(String uri, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "dashboard",
                        "--json",
                        "--port=0",
                        "--without-security")
                .redirectError(log.toFile());
        builder.environment().put("COVEY_URI", uri);
        return builder.start();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
