package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @Test
    void aRunningTaskMayFinishWithinTheDrainTime() throws InterruptedException {
        Worker worker = blockedWorker();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> worker.close(Duration.ofSeconds(30)));
        await().until(() -> !worker.parts().poller().claiming());
        assertThat(closing).isNotDone();
        worker.close(Duration.ofSeconds(30));
        assertThat(closing).as("the second call returned at once").isNotDone();
        release.countDown();
        closing.join();
        assertThat(worker.stats().processed()).isEqualTo(1);
        assertThat(worker.stats().released()).isZero();
    }

    @Test
    void aWorkerOnAClosedNodeIsRefusedBeforeAnythingStarts() {
        Worker.Builder builder = Worker.on(node).queues("numbers");
        node.close();
        assertThatThrownBy(builder::start).isInstanceOf(ClusterException.class).hasMessageContaining("closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("covey-" + node.self().name() + "-task-poller");
    }

    @Test
    void aClosedNodeAddsNothingAndSaysSoWithoutTryingAgain() {
        TaskQueue tasks = TaskQueue.on(node);
        node.close();
        assertThatThrownBy(() -> tasks.enqueue(COUNT, 1))
                .isInstanceOf(ClusterException.class)
                .isNotInstanceOf(UnconfirmedException.class)
                .hasMessageContaining("Node " + node.self().name() + " is closed");
        assertThatThrownBy(tasks::inspect).hasMessageContaining("is closed");
    }

    @Test
    void whatOutlastsTheDrainTimeIsInterruptedAndGivenBackUncounted() throws InterruptedException {
        Worker worker = blockedWorker();
        worker.close(Duration.ofMillis(50));
        assertThat(worker.stats().released()).isEqualTo(1);
        assertHeirRunsIt();
    }

    @Test
    void aHandlerThatIgnoresTheInterruptKnowsThatItsTaskIsGone() throws InterruptedException {
        AtomicReference<TaskContext> stubborn = new AtomicReference<>();
        AtomicBoolean end = new AtomicBoolean();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    stubborn.set(task);
                    while (!end.get()) {
                        Thread.onSpinWait();
                    }
                }))
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> stubborn.get() != null);
        worker.close(Duration.ZERO);
        assertThat(worker.stats().released()).isEqualTo(1);
        assertThat(stubborn.get().stillMine()).isFalse();
        assertHeirRunsIt();
        end.set(true);
    }

    @Test
    void whatWasNotStartedIsGivenBackAtOnce() {
        AtomicInteger ran = new AtomicInteger();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    ran.incrementAndGet();
                    if (number == 100) {
                        started.countDown();
                        release.await();
                    }
                }))
                .start();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueueAll(COUNT, IntStream.range(0, 100).boxed().toList());
        await().until(() -> worker.stats().processed() == 100);
        tasks.enqueueAll(COUNT, IntStream.range(100, 130).boxed().toList());
        await().until(() -> started.getCount() == 0 && worker.stats().prefetched() > 0);
        int prefetched = worker.stats().prefetched();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> worker.close(Duration.ofSeconds(30)));
        await().until(() -> worker.stats().released() >= prefetched);
        assertThat(closing).isNotDone();
        release.countDown();
        closing.join();
        assertThat(ran).hasValue(101);
        assertThat(tasks.inspect().queue("numbers"))
                .hasValueSatisfying(info -> assertThat(info.waiting()).isEqualTo(29));
    }

    @Test
    void aClosedWorkerLeavesNoThread() throws InterruptedException {
        Worker worker = blockedWorker();
        release.countDown();
        await().until(() -> worker.stats().processed() == 1);
        assertThat(threads()).isPositive();
        worker.close();
        await().until(() -> threads() == 0);
    }

    @Test
    void aWorkerIsClosedWithItsNode() throws InterruptedException {
        Worker worker = blockedWorker();
        node.close(Duration.ZERO);
        assertThat(worker.stats().released()).isEqualTo(1);
        await().until(() -> threads() == 0);
    }

    @Test
    void aWorkerWhoseBackendIsAwayClosesAllTheSame() throws InterruptedException {
        Worker worker = blockedWorker();
        faults.cut(true);
        release.countDown();
        long start = System.nanoTime();
        worker.close(Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        await().until(() -> threads() == 0);
    }

    @Test
    void aCloseThatIsInterruptedLetsTheLeasesEnd() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .lease(Duration.ofSeconds(1))
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    started.countDown();
                    while (task.stillMine()) {
                        Thread.onSpinWait();
                    }
                    try {
                        task.assertMine();
                    } catch (TransportException e) {
                        thrown.set(e);
                    }
                }))
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        started.await();
        Thread closing = new Thread(() -> worker.close(Duration.ofSeconds(60)));
        closing.start();
        await().until(() -> !worker.parts().poller().claiming());
        closing.interrupt();
        closing.join();
        await().until(() -> thrown.get() != null);
    }

    @Test
    void aWorkerMayBeGivenAnyTimeToDrain() throws InterruptedException {
        Worker worker = blockedWorker();
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> worker.close(ChronoUnit.FOREVER.getDuration()));
        await().until(() -> !worker.parts().poller().claiming());
        release.countDown();
        closing.join();
        assertThat(worker.stats().processed()).isEqualTo(1);
        await().until(() -> threads() == 0);
    }

    private Worker blockedWorker() throws InterruptedException {
        Worker worker = Worker.on(node)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    started.countDown();
                    release.await();
                }))
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        started.await();
        return worker;
    }

    private void assertHeirRunsIt() {
        AtomicReference<TaskContext> again = new AtomicReference<>();
        Worker heir = Worker.on(fleet.join())
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> again.set(task)))
                .start();
        await().until(() -> heir.stats().processed() == 1);
        assertThat(again.get().attempt()).isEqualTo(1);
        assertThat(again.get().deliveries()).isEqualTo(1);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("covey-node-task")
                        || thread.getName().startsWith("covey-node-lease-keeper"))
                .count();
    }
}
