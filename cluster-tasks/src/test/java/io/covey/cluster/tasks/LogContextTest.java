package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<String> GREET =
            TaskType.of("greet", String.class).on("mail").retry(RetryPolicy.never());

    private final KeptLogContext kept = new KeptLogContext();
    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final ConcurrentLinkedQueue<Map<String, String>> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        fleet.close();
        kept.close();
    }

    private Map<String, String> context() {
        Map<String, String> context = MDC.getCopyOfContextMap();
        return context == null ? Map.of() : context;
    }

    @Test
    void aHandlerLogsWithItsTaskAndTheNextOneWithNothingOfIt() {
        Worker worker = Worker.on(node)
                .queues("mail")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(GREET, (name, task) -> {
                    Map<String, String> context = context();
                    assertThat(context.get("taskId")).isEqualTo(task.id());
                    seen.add(context);
                    if (name.equals("fail")) {
                        throw new IllegalStateException("no");
                    }
                }))
                .start();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueue(GREET, "fail");
        tasks.enqueue(GREET, "ada");
        await().atMost(LONG)
                .until(() -> worker.stats().processed() + worker.stats().failed() == 2);
        assertThat(seen)
                .hasSize(2)
                .allSatisfy(context -> assertThat(context)
                        .containsEntry("queue", "mail")
                        .containsEntry("type", "greet")
                        .containsEntry("attempt", "1")
                        .containsEntry("node", node.self().id())
                        .containsOnlyKeys("taskId", "queue", "type", "attempt", "node"));
        assertThat(seen.stream().map(context -> context.get("taskId")).distinct())
                .hasSize(2);
        assertThat(context()).isEmpty();
    }

    @Test
    void aNodeIsNotReadyWhileItsWorkerDrainsAndIsAliveAllTheSame() throws InterruptedException {
        ConcurrentLinkedQueue<Boolean> ready = new ConcurrentLinkedQueue<>();
        Worker worker = Worker.on(node)
                .queues("mail")
                .handlers(handlers -> handlers.handle(GREET, (name, task) -> {
                    while (node.health().ready().ok()) {
                        Thread.onSpinWait();
                    }
                    ready.add(node.health().live().ok());
                }))
                .start();
        assertThat(node.health().ready().ok()).isTrue();
        assertThat(node.health().live().checks()).anyMatch(check -> check.name().startsWith("worker "));
        TaskQueue.on(node).enqueue(GREET, "ada");
        await().atMost(LONG).until(() -> !worker.stats().running().isEmpty());
        worker.close(LONG);
        assertThat(ready).containsExactly(true);
        assertThat(node.health().ready().ok()).isTrue();
        assertThat(node.health().ready().checks())
                .noneMatch(check -> check.name().startsWith("worker "));
    }
}
