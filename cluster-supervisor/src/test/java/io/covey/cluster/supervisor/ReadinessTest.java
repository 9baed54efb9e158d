package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are for a shell")
class ReadinessTest {
    private static final String SILENT = "trap 'exit 0' TERM; while :; do sleep 0.05; done";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo '{\"event\":\"ready\",\"node\":\"n\"}'",
                "echo '{ \"pid\": 1, \"event\" : \"ready\" }'",
                "touch \"$COVEY_READY_FILE\""
            })
    void aLineOrAFileSaysIt(String how) {
        Stage.of(Stage.script(how + "; " + SILENT)).running().close();
    }

    @Test
    void anotherLineDoesNotSayIt() throws Exception {
        String script = "echo 'ready'; echo '{\"event\":\"ready\"}' >&2; echo '{\"event\":\"done\"}'; " + SILENT;
        try (Stage stage =
                Stage.of(Stage.script(script).startLimit(Duration.ofMillis(500)).crashLoop(1, Duration.ofSeconds(1)))) {
            assertThat(stage.supervisor.await().message()).contains("not ready after 500 ms", "COVEY_READY_FILE");
            assertThat(stage.all(ChildEvent.Ready.class)).isEmpty();
        }
    }

    @Test
    void aTimeIsEnoughForWhoNeverSaysIt() {
        Stage.of(Stage.script(SILENT).readiness(Readiness.toldOrAfter(Duration.ofMillis(200))))
                .running()
                .close();
        Stage.of(Stage.script(SILENT).readiness(Readiness.after(Duration.ofMillis(200))))
                .running()
                .close();
    }

    @Test
    @Tag("long")
    void whoHasSaidItOnceIsWaitedForEverAfter() {
        String script = "case $COVEY_NAME in *.1) echo '{\"event\":\"ready\"}';; esac; " + SILENT;
        try (Stage stage = Stage.of(Stage.script(script)
                        .startLimit(Duration.ofSeconds(30))
                        .readiness(Readiness.toldOrAfter(Duration.ofSeconds(2))))
                .running()) {
            await().atMost(Stage.PATIENCE).until(() -> !stage.lines.isEmpty());
            stage.supervisor.rollingRestart();
            assertThat(stage.until(SupervisorEvent.RolloutStopped.class, 1).reason())
                    .contains("worker-1.2");
        }
    }

    @Test
    void aUrlSaysItWhenItAnswersWell() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/health/ready";
        try (Stage stage =
                Stage.of(Stage.script(SILENT).readiness(Readiness.http(url))).running()) {
            assertThat(asked).hasValueGreaterThanOrEqualTo(3);
            assertThat(stage.supervisor.children()).allMatch(ChildStatus::ready);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void eachHasAPortOfItsOwnIfItWantsOne() {
        try (Stage stage = Stage.of(Stage.script("echo port {port} $COVEY_CHILD_PORT; " + Stage.WORK)
                        .workers(3))
                .running()) {
            assertThat(stage.lines.stream()
                            .filter(line -> line.contains("port"))
                            .distinct())
                    .hasSize(3)
                    .allMatch(line -> {
                        String[] words = line.split(" ");
                        return words[3].equals(words[4]) && Integer.parseInt(words[3]) > 1023;
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host/", "127.0.0.1:80", "http:///path", "http://{host}/", ""})
    void whatIsNoUrlIsRefused(String url) {
        assertThatThrownBy(() -> Readiness.http(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }
}
