package io.covey.cluster.examples.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.examples.Jvm;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.redis.embedded.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Token, password and content are in no log, no text, no exception and no command line. */
@Timeout(180)
final class CanaryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @OnBothDrivers
    void nothingThatAProgramIsToldHasASecretInIt(String scheme) throws Exception {
        Path log = folder.resolve("log");
        try (RedisServer redis =
                RedisServer.builder().password("canary-password").start()) {
            ProcessBuilder builder = Jvm.process(
                            List.of(
                                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                                    "-Dorg.slf4j.simpleLogger.log.io.covey=trace"),
                            CanaryScene.class)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("SCENE_URI", scheme + "://:canary-password@127.0.0.1:" + redis.port());
            builder.environment().put("SCENE_NAMESPACE", "scene");
            builder.environment().put("COVEY_TOKEN", "canary-token-3f0c");
            builder.environment().remove("COVEY_TOKEN_FILE");
            Process scene = builder.start();
            try {
                await().atMost(PATIENCE)
                        .until(() -> Files.readString(log, UTF_8).contains("READY") || !scene.isAlive());
                redis.command("PUBLISH", "scene:0:/a\nERROR forged \u001b[31m\u0000", "canary-content");
                redis.command("PUBLISH", "scene:0:/a/b", "canary-content");
                Path arguments = Path.of("/proc", Long.toString(scene.pid()), "cmdline");
                if (Files.exists(arguments)) {
                    assertThat(Files.readString(arguments, UTF_8))
                            .contains(CanaryScene.class.getSimpleName())
                            .doesNotContain("canary-");
                }
                scene.getOutputStream().close();
                assertThat(scene.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } finally {
                scene.destroyForcibly();
            }
        }
        String said = Files.readString(log, UTF_8);
        assertThat(said)
                .contains("END")
                .doesNotContain("canary-")
                .doesNotContain("\u001b")
                .doesNotContain("\u0000");
        assertThat(said.lines())
                .noneMatch(line -> line.startsWith("ERROR forged"))
                .filteredOn(line -> line.contains("joined without security"))
                .singleElement()
                .asString()
                .contains("WARN")
                .contains("open:");
        assertThat(said.lines().filter(line -> line.contains("Dropped a message")))
                .anyMatch(line -> line.contains("its version is unknown"))
                .allMatch(line -> line.contains("WARN"));
    }
}
