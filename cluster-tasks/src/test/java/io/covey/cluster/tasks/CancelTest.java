package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancelTest {
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class)
            .on("numbers")
            .retry(RetryPolicy.standard().withFixedDelay(Duration.ZERO));

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(node);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicReference<TaskContext> running = new AtomicReference<>();
    private final ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

    CancelTest() {
        tasks.queue("numbers").change(settings -> settings.withKind(Kind.OWN));
    }

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @Test
    void aRunningTaskThatSomebodyWantsStoppedIsInterruptedAndFailsAsCancelled() {
        Worker worker = worker(COUNT, 1, (number, task) -> {
            running.set(task);
            assertThat(task.cancelled()).isFalse();
            release.await();
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> running.get() != null);
        assertThat(tasks.queue("numbers").cancel(running.get().id())).isEqualTo(Cancelled.TOLD);
        await().until(() -> worker.stats().cancelled() == 1);
        assertThat(running.get().cancelled()).isTrue();
        assertThat(worker.stats().failed() + worker.stats().retried()).isZero();
        assertThat(tasks.inspect().failed(0, 10))
                .map(FailedTask::failure)
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.exception()).isEqualTo("Cancelled");
                    assertThat(failure.message()).contains("while it ran");
                    assertThat(failure.task()).isEqualTo(running.get().id());
                });
    }

    @Test
    void aCancelledTaskHasFailedHoweverItsHandlerEnds() {
        Worker worker = worker(COUNT, 1, (number, task) -> {
            running.set(task);
            await().pollThread(Thread::new).until(task::cancelled);
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> running.get() != null);
        assertThat(tasks.queue("numbers").cancel(running.get().id())).isEqualTo(Cancelled.TOLD);
        await().until(() -> worker.stats().cancelled() == 1);
        assertThat(worker.stats().processed()).isZero();
    }

    @Test
    void whatWasFetchedAndNotStartedIsStoppedWithoutBeingRun() {
        AtomicInteger runs = new AtomicInteger();
        Worker worker = worker(COUNT, 1, (number, task) -> {
            runs.incrementAndGet();
            if (number == 1000) {
                running.set(task);
                release.await();
            }
        });
        tasks.enqueueAll(COUNT, IntStream.range(0, 100).boxed().toList());
        await().until(() -> worker.stats().processed() == 100);
        tasks.enqueue(COUNT, 1000);
        tasks.enqueueAll(COUNT, List.of(1001, 1002, 1003));
        await().until(() -> running.get() != null && worker.stats().prefetched() == 3);
        worker.parts().book().held().stream()
                .filter(run -> !run.started())
                .forEach(run -> tasks.queue("numbers").cancel(run.id()));
        await().until(() -> worker.stats().cancelled() == 3);
        release.countDown();
        await().until(() -> worker.stats().processed() == 101);
        assertThat(runs).hasValue(101);
        assertThat(tasks.inspect().failed(0, 10))
                .map(FailedTask::failure)
                .allSatisfy(failure -> assertThat(failure.message()).isEqualTo("Cancelled before it started"))
                .hasSize(3);
    }

    @Test
    void whatIsToBeStoppedIsAskedForBeforeItStarts() {
        ConcurrentLinkedQueue<Integer> runs = new ConcurrentLinkedQueue<>();
        List<Enqueued> receipts = tasks.enqueueAll(COUNT, List.of(1, 2, 3));
        faults.cancel(receipts.get(1).id());
        Worker worker = worker(COUNT, 4, (number, task) -> runs.add(number));
        await().until(() -> worker.stats().processed() == 2 && worker.stats().cancelled() == 1);
        assertThat(runs).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void aHandlerThatIgnoresItIsReportedAndKeepsItsPlace() {
        Worker worker = worker(COUNT, 1, (number, task) -> {
            running.set(task);
            boolean over = false;
            while (!over) {
                try {
                    release.await();
                    over = true;
                } catch (InterruptedException e) {
                    over = false;
                }
            }
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> running.get() != null);
        assertThat(tasks.queue("numbers").cancel(running.get().id())).isEqualTo(Cancelled.TOLD);
        await().until(() -> events.stream().anyMatch(event -> event instanceof WorkerEvent.NotEnding));
        assertThat(worker.stats().running()).hasSize(1);
        assertThat(running.get().stillMine()).isTrue();
        release.countDown();
        await().until(() -> worker.stats().cancelled() == 1);
    }

    private Worker worker(TaskType<Integer> type, int concurrency, TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(concurrency)
                .lease(Duration.ofSeconds(1))
                .listener(events::add)
                .handlers(handlers -> handlers.handle(type, handler))
                .start();
    }
}
