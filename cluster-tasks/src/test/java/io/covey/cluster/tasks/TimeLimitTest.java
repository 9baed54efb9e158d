package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class)
            .on("numbers")
            .retry(RetryPolicy.standard().withAttempts(2).withFixedDelay(Duration.ZERO))
            .timeout(Duration.ofMillis(50));

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);
    private final CountDownLatch release = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @Test
    void aRunThatTakesTooLongIsInterruptedAndJudgedByTheRetryPolicy() {
        Worker worker = worker((number, task) -> {
            attempts.add(task.attempt());
            release.await();
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> worker.stats().failed() == 1);
        assertThat(attempts).containsExactly(1, 2);
        assertThat(worker.stats().retried()).isEqualTo(1);
        assertThat(tasks.inspect().failed(0, 10)).singleElement().satisfies(failed -> {
            assertThat(failed.failure().exception()).isEqualTo(TaskTimeoutException.class.getName());
            assertThat(failed.failure().message()).isEqualTo("Task type count ran for longer than its time of 50 ms");
            assertThat(failed.failure().backtrace()).anyMatch(line -> line.contains("InterruptedException"));
            assertThat(failed.failure().attempts()).isEqualTo(2);
        });
    }

    @Test
    void aHandlerThatIgnoresTheInterruptIsReportedAndDoneWhenItReturns() {
        Worker worker = worker((number, task) -> {
            boolean over = false;
            while (!over) {
                try {
                    release.await();
                    over = true;
                } catch (InterruptedException e) {
                    attempts.add(task.attempt());
                }
            }
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> events.stream().anyMatch(event -> event instanceof WorkerEvent.NotEnding));
        assertThat(worker.stats().running()).hasSize(1);
        release.countDown();
        await().until(() -> worker.stats().processed() == 1);
        assertThat(attempts).containsExactly(1);
        assertThat(worker.stats().retried()).isZero();
    }

    @Test
    void theNextRunOfTheThreadIsNotInterrupted() {
        Worker worker = worker((number, task) -> {
            if (number == 1) {
                release.await();
            }
            attempts.add(number);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        tasks.enqueue(COUNT, 1);
        tasks.enqueue(COUNT, 2);
        await().until(() -> worker.stats().failed() == 1 && worker.stats().processed() == 1);
        assertThat(attempts).containsExactly(2);
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> COUNT.timeout(Duration.ZERO)).hasMessage("timeout must be at least 1ms, was PT0S");
        assertThat(COUNT.on("other").timeout()).hasValue(Duration.ofMillis(50));
    }

    private Worker worker(TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .lease(Duration.ofSeconds(1))
                .listener(events::add)
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
    }
}
