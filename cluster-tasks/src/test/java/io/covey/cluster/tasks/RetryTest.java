package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class)
            .on("numbers")
            .retry(RetryPolicy.standard().withPermanent(Set.of(IllegalStateException.class)));

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aTaskThatThrowsRunsAgainAfterItsDelay() {
        Worker worker = worker((number, task) -> {
            attempts.add(task.attempt());
            if (task.attempt() < 3) {
                throw new IOException("not yet");
            }
        });
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().retried() == 1);
        fleet.elapse(Duration.ofMillis(3900));
        await().during(Duration.ofMillis(1500)).until(() -> attempts.size() == 1);
        fleet.elapse(Duration.ofMillis(2200));
        await().until(() -> worker.stats().retried() == 2);
        fleet.elapse(Duration.ofMillis(12_100));
        await().until(() -> worker.stats().processed() == 1);
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    void aTaskThatUsedUpItsAttemptsStaysAmongTheFailedWithTheReason() {
        Worker worker = worker((number, task) -> {
            throw new IOException("disk of " + task.id() + " is full", new CodecException("deeper"));
        });
        Enqueued receipt = TaskQueue.on(node).enqueue(COUNT, 1);
        for (int i = 1; i <= 2; i++) {
            int retried = i;
            await().until(() -> worker.stats().retried() == retried);
            fleet.elapse(Duration.ofSeconds(13));
        }
        await().until(() -> worker.stats().failed() == 1);
        assertThat(TaskQueue.on(node).inspect().failed(0, 10)).singleElement().satisfies(failed -> {
            assertThat(failed.queue()).isEqualTo(receipt.queue());
            assertThat(failed.failure().exception()).isEqualTo("java.io.IOException");
            assertThat(failed.failure().message()).startsWith("disk of ");
            assertThat(failed.failure().backtrace())
                    .anyMatch(line -> line.contains("RetryTest"))
                    .anyMatch(line -> line.equals("Caused by: io.covey.cluster.CodecException: deeper"));
            assertThat(failed.failure().worker()).isEqualTo(worker.stats().owner());
            assertThat(failed.failure().message())
                    .isEqualTo("disk of " + failed.failure().task() + " is full");
            assertThat(failed.failure().attempts()).isEqualTo(3);
            assertThat(failed.failure().earlier()).hasSize(2).allSatisfy(attempt -> {
                assertThat(attempt.owner()).isEqualTo(worker.stats().owner());
                assertThat(attempt.error()).startsWith("java.io.IOException: disk of ");
            });
        });
    }

    @Test
    void delaysThatMayGrowForEverHoldNoTaskAndNoThread() {
        TaskType<Integer> patient =
                COUNT.retry(RetryPolicy.standard().withDelays(Duration.ofMillis(1), ChronoUnit.FOREVER.getDuration()));
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(patient, (number, task) -> {
                    if (task.attempt() == 1) {
                        throw new IOException("not yet");
                    }
                    attempts.add(number);
                }))
                .start();
        TaskQueue.on(node).enqueue(patient, 1);
        TaskQueue.on(node).enqueue(patient, 2);
        await().until(() -> worker.stats().retried() == 2);
        fleet.elapse(Duration.ofSeconds(1));
        await().until(() -> worker.stats().processed() == 2);
        assertThat(attempts).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aPermanentExceptionIsNotRetried() {
        Worker worker = worker((number, task) -> {
            throw new IllegalStateException("never");
        });
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().failed() == 1);
        assertThat(worker.stats().retried()).isZero();
    }

    @Test
    void onlyWhatIsToBeRetriedIsRetriedAndWhatIsToBeDroppedLeavesNothing() {
        ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
        TaskType<Integer> choosy = COUNT.retry(RetryPolicy.standard()
                .withRetryOn(Set.of(IOException.class))
                .withDiscardOn(Set.of(FileNotFoundException.class)));
        Worker worker = Worker.on(node)
                .queues("numbers")
                .listener(events::add)
                .handlers(handlers -> handlers.handle(choosy, (number, task) -> {
                    switch (number) {
                        case 1 -> throw new IOException("again");
                        case 2 -> throw new FileNotFoundException("gone");
                        default -> throw new IllegalArgumentException("never");
                    }
                }))
                .start();
        TaskQueue.on(node).enqueueAll(COUNT, List.of(1, 2, 3));
        await().until(() -> worker.stats().retried() == 1
                && worker.stats().discarded() == 1
                && worker.stats().failed() == 1);
        assertThat(worker.stats().processed()).isZero();
        assertThat(TaskQueue.on(node).inspect().failed(0, 10))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().message()).isEqualTo("never"));
        await().untilAsserted(() -> assertThat(events)
                .filteredOn(event -> event instanceof WorkerEvent.Discarded)
                .singleElement()
                .satisfies(event -> assertThat(((WorkerEvent.Discarded) event).reason())
                        .isEqualTo("java.io.FileNotFoundException: gone")));
    }

    @Test
    void fixedDelaysVaryBothWaysAndDoNotGrow() {
        RetryPolicy policy = RetryPolicy.standard().withFixedDelay(Duration.ofSeconds(10));
        assertThat(policy.delayAfter(1, 0.5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.delayAfter(7, 0.5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.delayAfter(7, 0.75)).isEqualTo(Duration.ofSeconds(11));
        assertThat(policy.delayAfter(7, 0.25)).isEqualTo(Duration.ofSeconds(9));
        RetryPolicy tripled = RetryPolicy.standard()
                .withDelays(Duration.ofSeconds(1), Duration.ofMinutes(1))
                .withGrowth(3)
                .withJitter(0);
        assertThat(tripled.delayAfter(3, 0)).isEqualTo(Duration.ofSeconds(9));
        assertThatThrownBy(() -> policy.withGrowth(0.5)).hasMessage("growth must be between 1 and 100, was 0.5");
    }

    @Test
    void anErrorOfAHandlerDoesNotEndTheWorker() {
        Worker worker = worker((number, task) -> {
            if (number == 1) {
                throw new StackOverflowError();
            }
        });
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueue(COUNT, 1);
        tasks.enqueue(COUNT, 2);
        await().until(() -> worker.stats().processed() == 1 && worker.stats().retried() == 1);
    }

    @Test
    void delaysDoubleUpToTheLongestAndVaryByTheJitter() {
        RetryPolicy policy = RetryPolicy.standard()
                .withAttempts(20)
                .withDelays(Duration.ofSeconds(2), Duration.ofSeconds(30))
                .withJitter(0.5);
        assertThat(policy.delayAfter(1, 0.5)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.delayAfter(3, 0.5)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.delayAfter(3, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.delayAfter(1, 0.75)).isEqualTo(Duration.ofMillis(2500));
        assertThat(policy.delayAfter(19, 0.9)).isEqualTo(Duration.ofSeconds(30));
        assertThatThrownBy(() -> policy.withAttempts(0)).hasMessage("attempts must be at least 1, was 0");
    }

    private Worker worker(TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
    }
}
