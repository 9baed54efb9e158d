package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker says of itself to whoever asks who works. */
class WorkerReportsTest {
    private static final TaskType<Integer> SLOW =
            TaskType.of("slow", Integer.class).on("q");

    private final Fleet fleet = new Fleet();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aWorkerIsListedWithWhatItRunsAndGoneWhenItIsClosed() {
        Cluster node = fleet.join();
        WorkerRegistry registry = Brokers.of(fleet.join()).workers().orElseThrow();
        CountDownLatch go = new CountDownLatch(1);
        try (Worker worker = Worker.on(node)
                .queues("q", "r")
                .concurrency(3)
                .handlers(handlers -> handlers.handle(SLOW, (number, task) -> go.await()))
                .start()) {
            TaskQueue.on(node).enqueue(SLOW, 42);
            WorkerInfo info = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> list(registry),
                            all -> all.size() == 1 && !all.get(0).running().isEmpty())
                    .get(0);
            assertThat(info.owner()).isEqualTo(worker.stats().owner());
            assertThat(info.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(info.host()).isEqualTo(node.self().host());
            assertThat(info.queues()).containsExactly("q", "r");
            assertThat(info.concurrency()).isEqualTo(3);
            assertThat(info.running().get(0).type()).isEqualTo("slow");
            assertThat(new String(info.running().get(0).args(), UTF_8)).isEqualTo("[42]");
            go.countDown();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> list(registry).get(0).processed() == 1
                            && list(registry).get(0).running().isEmpty());
        }
        assertThat(list(registry)).isEmpty();
    }

    private static List<WorkerInfo> list(WorkerRegistry registry) {
        return registry.list().toCompletableFuture().join();
    }
}
