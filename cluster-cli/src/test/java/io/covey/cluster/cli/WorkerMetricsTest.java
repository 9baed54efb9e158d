package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Health.Question;
import io.covey.cluster.Registration;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<String> GREET =
            TaskType.of("greet", String.class).on("mail");

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> get(WorkerMetrics metrics, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + path))
                .timeout(LONG)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static Cluster join() {
        return Cluster.join("local:" + UUID.randomUUID());
    }

    @Test
    void aProcessIsAliveButNotReadyBeforeItHasJoinedAndWhileItDrains() throws Exception {
        try (WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test")) {
            assertThat(get(metrics, "/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> joining = get(metrics, "/health/ready");
            assertThat(joining.statusCode()).isEqualTo(503);
            assertThat(joining.body()).contains("\"ok\":false").contains("joining");
            Cluster cluster = join();
            metrics.joined(cluster);
            HttpResponse<String> ready = get(metrics, "/health/ready");
            assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
            assertThat(ready.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(ready.body()).startsWith("{\"ok\":true,\"checks\":[").contains("\"name\":\"backend\"");
            cluster.close();
            HttpResponse<String> closed = get(metrics, "/health/ready");
            assertThat(closed.statusCode()).isEqualTo(503);
            assertThat(closed.body()).contains("closing");
            assertThat(get(metrics, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoSendsHalfARequestKeepsNobodyElseWaiting() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test")) {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket("127.0.0.1", metrics.port());
                silent.add(socket);
                socket.getOutputStream().write("GET /health/li".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(get(metrics, "/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whatAnApplicationChecksIsAskedToo() throws Exception {
        try (WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test");
                Cluster cluster = join()) {
            metrics.joined(cluster);
            Registration check = cluster.health().check(Question.LIVE, "disk", () -> Optional.of("it is full"));
            HttpResponse<String> live = get(metrics, "/health/live");
            assertThat(live.statusCode()).isEqualTo(503);
            assertThat(live.body()).contains("{\"name\":\"disk\",\"ok\":false,\"trouble\":\"it is full\"}");
            check.close();
            assertThat(get(metrics, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void prometheusReadsTheMetersOfTasksCallsAndTheJvm() throws Exception {
        try (WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test");
                Cluster cluster = join()) {
            metrics.joined(cluster);
            metrics.serves(Rpc.on(cluster));
            metrics.started(metrics.around(Worker.on(cluster)
                            .queues("mail")
                            .handlers(handlers -> handlers.handle(GREET, (name, task) -> {})))
                    .start());
            TaskQueue.on(cluster).enqueue(GREET, "ada");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(get(metrics, "/metrics").body())
                            .contains("covey_tasks_ended_total{outcome=\"done\",queue=\"mail\",type=\"greet\"} 1.0")
                            .contains("covey_tasks_run_seconds_bucket{outcome=\"returned\"")
                            .contains("covey_queue_tasks{queue=\"mail\",state=\"waiting\"}")
                            .contains("covey_ready 1.0")
                            .contains("covey_rpc_server_running 0.0")
                            .contains("jvm_memory_used_bytes"));
            assertThat(get(metrics, "/metrics").headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        try (WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test")) {
            assertThat(get(metrics, "/").statusCode()).isEqualTo(404);
            assertThat(get(metrics, "/metrics/../etc").statusCode()).isEqualTo(404);
            HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void aPortInUseIsNamed() {
        try (WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test")) {
            assertThatThrownBy(() -> WorkerMetrics.serve("127.0.0.1", metrics.port(), "test"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + metrics.port());
        }
    }
}
