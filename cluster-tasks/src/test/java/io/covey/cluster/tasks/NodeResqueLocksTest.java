package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Obeying node-resque's locks where nobody else takes them. */
class NodeResqueLocksTest {
    private static final TaskType<Integer> ONE =
            TaskType.of("one", Integer.class).on("q");

    private final Fleet fleet = new Fleet();

    @AfterEach
    void close() {
        fleet.close();
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(60));
    }

    @Test
    void ofTasksAlikeOneRunsAtATimeAndTheOtherASecondLater() {
        Cluster node = fleet.join();
        NodeResqueLocks locks = NodeResqueLocks.on(node);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Worker worker = Worker.on(node)
                .queues("q")
                .concurrency(4)
                .handlers(handlers -> handlers.handle(ONE, locks.oneAtATime(Duration.ofHours(1), (number, task) -> {
                    runs.incrementAndGet();
                    go.await();
                })))
                .start();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueueAll(ONE, List.of(1, 1, 2));
        eventually().until(() -> tasks.inspect().totals().get("delayed") == 1 && runs.get() == 2);
        assertThat(tasks.queue("q").delayedAt(ONE, 1)).hasSize(1);
        go.countDown();
        // Whoever holds the lock when the delayed one is due has it delayed once more.
        eventually().until(() -> worker.stats().processed() == 3);
        fleet.elapse(Duration.ofSeconds(2));
        eventually().until(() -> runs.get() == 3);
        eventually().until(() -> worker.stats().processed() == 4);
    }

    @Test
    void aTaskDelayedForTheLockIsCopiedOnceThoughItsWorkerDiesBeforeItSaysSo() {
        Duration lease = Duration.ofSeconds(1);
        Faults faults = new Faults(1);
        faults.cutSettlements();
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Cluster node = fleet.join();
        TaskQueue tasks = TaskQueue.on(node);
        Worker holder = worker(node, Duration.ofMinutes(5), runs, go);
        tasks.enqueueAll(ONE, List.of(1));
        eventually().until(() -> runs.get() == 1);
        worker(fleet.join(faults), lease, runs, go);
        tasks.enqueueAll(ONE, List.of(1));
        eventually().until(() -> tasks.inspect().totals().get("delayed") == 1);
        faults.cut(true);
        Worker heir = worker(fleet.join(), lease, runs, go);
        fleet.passLeases(lease.plusSeconds(1));
        eventually().until(() -> heir.stats().processed() == 1);
        assertThat(tasks.inspect().totals().get("delayed")).isEqualTo(1);
        assertThat(runs).hasValue(1);
        go.countDown();
        eventually().until(() -> holder.stats().processed() == 1);
        fleet.elapse(Duration.ofSeconds(2));
        eventually().until(() -> runs.get() == 2);
    }

    private static Worker worker(Cluster node, Duration lease, AtomicInteger runs, CountDownLatch go) {
        return Worker.on(node)
                .queues("q")
                .concurrency(1)
                .withoutPrefetch()
                .lease(lease)
                .handlers(handlers -> handlers.handle(
                        ONE, NodeResqueLocks.on(node).oneAtATime(Duration.ofHours(1), (number, task) -> {
                            runs.incrementAndGet();
                            go.await();
                        })))
                .start();
    }

    @Test
    void aFailureFreesTheLockForTheNextAttempt() {
        Cluster node = fleet.join();
        AtomicInteger runs = new AtomicInteger();
        Worker worker = Worker.on(node)
                .queues("q")
                .handlers(handlers -> handlers.handle(
                        ONE.retry(RetryPolicy.never()),
                        NodeResqueLocks.on(node).oneAtATime(Duration.ofHours(1), (number, task) -> {
                            runs.incrementAndGet();
                            throw new IllegalStateException("broken");
                        })))
                .start();
        TaskQueue.on(node).enqueueAll(ONE, List.of(1));
        eventually().until(() -> worker.stats().failed() == 1);
        TaskQueue.on(node).enqueueAll(ONE, List.of(1));
        eventually().until(() -> worker.stats().failed() == 2);
        assertThat(runs).hasValue(2);
    }

    @Test
    void whatIsDelayedIsNotAddedToRunAtOnce() {
        Cluster node = fleet.join();
        TaskQueue tasks = TaskQueue.on(node).around(NodeResqueLocks.on(node).unlessDelayed());
        tasks.enqueueIn(ONE, 1, Duration.ofHours(1));
        assertThat(tasks.enqueueAll(ONE, List.of(1, 2, 1)))
                .extracting(Enqueued::accepted)
                .containsExactly(false, true, false);
        assertThat(tasks.enqueue(ONE, 1).duplicate()).isTrue();
        assertThat(tasks.queue("q").removeDelayed(ONE, 1)).isEqualTo(1);
        assertThat(tasks.enqueue(ONE, 1).accepted()).isTrue();
    }

    @Test
    void aLockOfLessThanASecondIsRefused() {
        NodeResqueLocks locks = NodeResqueLocks.on(fleet.join());
        assertThatThrownBy(() -> locks.oneAtATime(Duration.ofMillis(999), (number, task) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1s");
    }
}
