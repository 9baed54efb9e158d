package io.covey.cluster.redis.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisServerTest {

    @Test
    void aStartedServerAnswersAtItsUri() {
        try (RedisServer server = RedisServer.builder().start()) {
            assertThat(server.uri()).isEqualTo("redis://127.0.0.1:" + server.port());
            assertThat(server.command("PING")).isEqualTo("PONG");
            assertThat(server.command("CONFIG", "GET", "bind")).isEqualTo("[bind, 127.0.0.1]");
            assertThat(server.command("CONFIG", "GET", "save")).isEqualTo("[save, ]");
            assertThat(server.command("CONFIG", "GET", "appendonly")).isEqualTo("[appendonly, no]");
            assertThat(server.command("INFO", "server")).contains("process_id:" + server.pid() + "\r\n");
        }
    }

    @Test
    void closingLeavesNoProcessAndNoDirectory() {
        RedisServer server = RedisServer.builder().start();
        long pid = server.pid();
        Path directory = server.directory();
        assertThat(directory).isDirectory();

        server.close();
        server.close();

        assertThat(isAlive(pid)).isFalse();
        assertThat(directory).doesNotExist();
        assertThatIllegalStateException().isThrownBy(server::restart).withMessageContaining("is closed");
    }

    @Test
    void aRestartKeepsTheDataAndThePort() {
        try (RedisServer server = RedisServer.builder().start()) {
            long pid = server.pid();
            server.command("SET", "k", "v");
            server.restart();
            assertThat(server.pid()).isNotEqualTo(pid);
            assertThat(server.command("GET", "k")).isEqualTo("v");

            server.kill();
            server.restart();
            assertThat(server.command("GET", "k"))
                    .as("what memory held is gone after a crash")
                    .isEmpty();
        }
    }

    @Test
    void anAppendOnlyFileOutlivesAKill() {
        try (RedisServer server = RedisServer.builder()
                .appendOnly(true)
                .setting("appendfsync", "always")
                .start()) {
            server.command("SET", "k", "v");
            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.restart();
            assertThat(server.command("GET", "k")).isEqualTo("v");
            server.stop();
            assertThat(server.isRunning()).isFalse();
            server.restart();
            assertThat(server.command("GET", "k")).isEqualTo("v");
        }
    }

    @Test
    void anEmptyRestartForgetsEverything() {
        try (RedisServer server = RedisServer.builder().appendOnly(true).start()) {
            server.command("SET", "k", "v");
            server.restartEmpty();
            assertThat(server.command("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void aGivenDirectoryStaysWithItsData(@TempDir Path directory) {
        for (String expected : List.of("", "v")) {
            try (RedisServer server =
                    RedisServer.builder().directory(directory).appendOnly(true).start()) {
                assertThat(server.command("GET", "k")).isEqualTo(expected);
                server.command("SET", "k", "v");
            }
        }
    }

    @Test
    void aPausedServerAnswersOnlyAfterItIsResumed() {
        try (RedisServer server = RedisServer.builder().start()) {
            server.pause();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> server.command("PING"));
            assertThatThrownBy(() -> ping(server.port(), Duration.ofMillis(300)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(server.isRunning()).isTrue();
            assertThat(answer).isNotDone();
            server.resume();
            assertThat(answer).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("PONG");

            server.pause();
            server.restart();
            assertThat(server.command("PING")).isEqualTo("PONG");
            server.pause();
        }
    }

    @Test
    void passwordsAndUsersAreAsked() {
        try (RedisServer server =
                RedisServer.builder().password("geh eim\"\\+/@").start()) {
            assertThat(server.uri()).isEqualTo("redis://:geh%20eim%22%5C%2B%2F%40@127.0.0.1:" + server.port());
            assertThat(server.toString()).isEqualTo("Redis server redis://:***@127.0.0.1:" + server.port());
            assertThat(server.command("PING")).isEqualTo("PONG");
            assertThatThrownBy(() -> ping(server.port(), Duration.ofSeconds(5))).hasMessageContaining("NOAUTH");
            server.command("SET", "k", "v");
            server.restart();
            assertThat(server.command("GET", "k")).isEqualTo("v");
        }
        try (RedisServer server = RedisServer.builder().user("ada", "s3cret").start()) {
            assertThat(server.uri()).startsWith("redis://ada:s3cret@127.0.0.1:");
            assertThat(server.command("ACL", "WHOAMI")).isEqualTo("ada");
            assertThatThrownBy(() -> ping(server.port(), Duration.ofSeconds(5))).hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void serversStartedTogetherHaveDifferentPorts() {
        List<CompletableFuture<RedisServer>> starts = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> RedisServer.builder().start(), task -> new Thread(task, "start-" + i).start()))
                .toList();
        List<RedisServer> servers = starts.stream().map(CompletableFuture::join).toList();
        try {
            assertThat(servers).extracting(RedisServer::port).doesNotHaveDuplicates();
            assertThat(servers).extracting(server -> server.command("PING")).containsOnly("PONG");
        } finally {
            servers.forEach(RedisServer::close);
        }
    }

    @Test
    void aFailedStartTellsWhatTheServerSaidAndLeavesNothing() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        RedisServer.builder().setting("no-such-setting", "1").start())
                .withMessageContaining("ended with exit code 1")
                .withMessageContaining("no-such-setting");
        try (RedisServer server = RedisServer.builder().start()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> RedisServer.builder().port(server.port()).start())
                    .withMessageContaining("port " + server.port())
                    .withMessageContaining("in use");
            assertThat(server.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void wrongOptionsAreRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisServer.builder().port(70_000))
                .withMessage("port must be between 0 and 65535, was 70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisServer.builder().setting("save\nport 1", ""));
    }

    @Test
    void aNamedServerIsUsedAndNeverTouched() {
        try (RedisServer server = RedisServer.builder().password("pw").start()) {
            System.setProperty(RedisServer.PROPERTY, server.uri());
            try (RedisServer named = RedisServer.start()) {
                assertThat(named.uri()).isEqualTo(server.uri());
                assertThat(named.port()).isEqualTo(server.port());
                assertThat(named.hasProcess()).isFalse();
                assertThatIllegalStateException()
                        .isThrownBy(named::kill)
                        .withMessageContaining("named by covey.redis.uri or COVEY_REDIS_URI")
                        .withMessageNotContaining("pw@");
            } finally {
                System.clearProperty(RedisServer.PROPERTY);
            }
            assertThat(server.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void aUserWhomAPropertyAsksForIsInTheUri() {
        System.setProperty(ServerUser.PROPERTY, "app s3cret ~app:* -@all +get");
        try (RedisServer server = RedisServer.builder().start();
                RedisServer own = RedisServer.builder().password("pw").start()) {
            assertThat(server.uri()).isEqualTo("redis://app:s3cret@127.0.0.1:" + server.port());
            assertThat(server.command("ACL", "GETUSER", "app")).contains("+get").contains("~app:*");
            assertThat(server.command("ACL", "WHOAMI")).isEqualTo("default");
            assertThat(own.uri()).isEqualTo("redis://:pw@127.0.0.1:" + own.port());
        } finally {
            System.clearProperty(ServerUser.PROPERTY);
        }
    }

    @Test
    void aKilledJvmLeavesNoServerAndNoDirectoryBehind() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path", ""),
                        Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] line = jvm.inputReader(UTF_8).readLine().split(" ");
        long pid = Long.parseLong(line[0]);
        Path directory = Path.of(line[1]);
        assertThat(isAlive(pid)).isTrue();

        jvm.destroyForcibly();

        assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(pid) && Files.notExists(directory));
    }

    /** Starts a server, tells about it and waits to be killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            RedisServer server = RedisServer.builder().start();
            server.pause();
            System.out.println(server.pid() + " " + server.directory());
            Thread.sleep(60_000);
        }
    }

    private static String ping(int port, Duration timeout) throws IOException {
        try (Resp resp = new Resp(port, timeout, null)) {
            return resp.text("PING");
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
