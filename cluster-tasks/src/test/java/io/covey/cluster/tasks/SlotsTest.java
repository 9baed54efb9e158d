package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void theyGrowWhileWorkWaitsAndTheProcessorsAreIdle() {
        Slots slots = new Slots(2, 20);
        assertThat(slots.adjust(2, true, 0.1)).isTrue();
        assertThat(slots.now()).isEqualTo(3);
        assertThat(slots.adjust(2, true, 0.1)).isFalse();
        assertThat(slots.adjust(3, false, 0.1)).isFalse();
        assertThat(slots.adjust(3, true, 0.9)).isFalse();
        for (int i = 0; i < 10; i++) {
            slots.adjust(slots.now(), true, -1);
        }
        assertThat(slots.now()).isEqualTo(20);
    }

    @Test
    void theyShrinkAfterAWhileWithLittleToDoAndNotBelowTheLeast() {
        Slots slots = new Slots(2, 20);
        while (slots.now() < 20) {
            slots.adjust(slots.now(), true, 0);
        }
        for (int i = 0; i < 9; i++) {
            slots.adjust(1, false, 0);
        }
        assertThat(slots.now()).isEqualTo(20);
        slots.adjust(1, false, 0);
        assertThat(slots.now()).isEqualTo(13);
        for (int i = 0; i < 100; i++) {
            slots.adjust(1, false, 0);
        }
        assertThat(slots.now()).isEqualTo(2);
    }

    @Test
    void aWorkerWhoseRunsWaitGrowsToItsMostAndShrinksAgain() {
        Cluster node = fleet.join();
        CountDownLatch all = new CountDownLatch(12);
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1, 12)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    all.countDown();
                    all.await();
                }))
                .start();
        TaskQueue.on(node).enqueueAll(COUNT, IntStream.range(0, 30).boxed().toList());
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.stats().processed() == 30);
        assertThat(worker.stats().concurrency()).isEqualTo(12);
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.stats().concurrency() == 1);
        TaskQueue.on(node).enqueueAll(COUNT, IntStream.range(0, 30).boxed().toList());
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.stats().processed() == 60);
    }

    @Test
    void limitsAreChecked() {
        Cluster node = fleet.join();
        assertThatThrownBy(() -> Worker.on(node).concurrency(5, 4).start())
                .hasMessage("The most concurrency must be between the least of 5 and 10000, was 4");
    }
}
