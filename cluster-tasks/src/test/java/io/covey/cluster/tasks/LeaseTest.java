package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.LeaseLostException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");
    private static final Duration LEASE = Duration.ofSeconds(1);

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster producer = fleet.join();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @Test
    void whatADeadWorkerHeldRunsAgainElsewhereAndItsOwnEndIsRefused() {
        AtomicReference<TaskContext> first = new AtomicReference<>();
        AtomicInteger interrupted = new AtomicInteger();
        Worker dead = worker(fleet.join(faults), 1, (number, task) -> {
            first.set(task);
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        });
        TaskQueue.on(producer).enqueue(COUNT, 1);
        await().until(() -> first.get() != null);
        faults.cut(true);
        AtomicReference<TaskContext> second = new AtomicReference<>();
        Worker heir = worker(producer, 1, (number, task) -> {
            assertThat(task.stillMine()).isTrue();
            task.assertMine();
            second.set(task);
        });
        fleet.passLeases(LEASE.plusSeconds(1));
        await().until(() -> heir.stats().processed() == 1);
        assertThat(second.get().deliveries()).isEqualTo(2);
        assertThat(second.get().attempt()).isEqualTo(2);
        assertThat(second.get().id()).isEqualTo(first.get().id());
        assertThat(second.get().fence()).isGreaterThan(first.get().fence());
        await().until(() -> !first.get().stillMine());
        assertThat(interrupted).hasValue(0);
        faults.cut(false);
        await().until(() -> dead.stats().lost() == 1 && interrupted.get() == 1);
        assertThat(dead.stats().processed()).isZero();
        assertThat(events)
                .anyMatch(event -> event instanceof WorkerEvent.Upkeep)
                .anyMatch(event -> event instanceof WorkerEvent.LeaseLost);
    }

    @Test
    void aRunThatNobodyTookIsStillMineOnceTheBackendAnswersAgain() {
        AtomicReference<TaskContext> running = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Worker worker = worker(fleet.join(faults), 1, (number, task) -> {
            running.set(task);
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> !task.stillMine());
                faults.cut(false);
                task.assertMine();
                assertThat(task.stillMine()).isTrue();
            } catch (RuntimeException e) {
                thrown.set(e);
                throw e;
            }
        });
        TaskQueue.on(producer).enqueue(COUNT, 1);
        await().until(() -> running.get() != null);
        faults.cut(true);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(thrown.get()).isNull();
        assertThat(worker.stats().lost()).isZero();
    }

    @Test
    void aRunWhoseTimeIsOverInAnOutageIsGivenBackAndTheAttemptDoesNotCount() {
        TaskType<Integer> quick = COUNT.retry(RetryPolicy.never()).timeout(LEASE.multipliedBy(2));
        ConcurrentLinkedQueue<TaskContext> runs = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        Worker worker = Worker.on(fleet.join(faults))
                .queues("numbers")
                .lease(LEASE)
                .handlers(handlers -> handlers.handle(quick, (number, task) -> {
                    runs.add(task);
                    if (runs.size() == 1) {
                        faults.cut(true);
                        await().pollThread(Thread::new).until(() -> !task.stillMine());
                        try {
                            task.assertMine();
                        } catch (RuntimeException e) {
                            thrown.add(e);
                            throw new IllegalStateException("gave up", e);
                        }
                    }
                }))
                .start();
        TaskQueue.on(producer).enqueue(quick, 1);
        await().until(() -> !thrown.isEmpty());
        faults.cut(false);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(thrown).singleElement().isInstanceOf(TransportException.class);
        assertThat(runs).hasSize(2).allSatisfy(run -> assertThat(run.attempt()).isEqualTo(1));
        assertThat(worker.stats().released()).isEqualTo(1);
        assertThat(worker.stats().failed()).isZero();
    }

    @Test
    void assertMineThrowsOnceTheTaskIsLost() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        Worker dead = worker(fleet.join(faults), 1, (number, task) -> {
            started.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                assertThat(task.stillMine()).isFalse();
            }
            try {
                task.assertMine();
            } catch (LeaseLostException e) {
                thrown.set(e);
            }
        });
        TaskQueue.on(producer).enqueue(COUNT, 1);
        await().until(() -> started.getCount() == 0);
        faults.cut(true);
        Worker heir = worker(producer, 1, (number, task) -> {});
        fleet.passLeases(LEASE.plusSeconds(1));
        await().until(() -> heir.stats().processed() == 1);
        faults.cut(false);
        await().until(() -> thrown.get() != null);
        assertThat(thrown.get()).hasMessageContaining("numbers").hasMessageContaining("run again elsewhere");
        assertThat(dead.stats().processed()).isZero();
    }

    @Test
    void whatWasFetchedAheadIsNotStartedWhileNobodyKnowsWhoseItIs() {
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger after = new AtomicInteger();
        Worker worker = worker(fleet.join(faults), 1, (number, task) -> {
            if (number == 100) {
                blocked.countDown();
                release.await();
            } else if (number > 100) {
                after.incrementAndGet();
            }
        });
        TaskQueue tasks = TaskQueue.on(producer);
        tasks.enqueueAll(COUNT, IntStream.range(0, 100).boxed().toList());
        await().until(() -> worker.stats().processed() == 100);
        tasks.enqueueAll(COUNT, IntStream.range(100, 120).boxed().toList());
        await().until(() -> blocked.getCount() == 0 && worker.stats().prefetched() > 0);
        faults.cut(true);
        TaskRun held = worker.parts().book().held().iterator().next();
        await().until(() -> !held.stillMine());
        release.countDown();
        await().until(() -> worker.stats().running().isEmpty());
        assertThat(after).hasValue(0);
        assertThat(worker.stats().prefetched()).isPositive();
        faults.cut(false);
        await().until(() -> worker.stats().processed() == 120);
        assertThat(after).hasValue(19);
    }

    @Test
    void moreTasksThanOneBeatTakesAreAllKept() {
        ConcurrentLinkedQueue<TaskContext> running = new ConcurrentLinkedQueue<>();
        Worker worker = worker(fleet.join(faults), 450, (number, task) -> {
            running.add(task);
            release.await();
        });
        TaskQueue.on(producer).enqueueAll(COUNT, IntStream.range(0, 450).boxed().toList());
        await().until(() -> running.size() == 450);
        await().during(LEASE.plusMillis(300))
                .atMost(Duration.ofSeconds(30))
                .until(() -> running.stream().allMatch(TaskContext::stillMine));
        release.countDown();
        await().until(() -> worker.stats().processed() == 450);
    }

    @Test
    void aQueueThatCannotBeServedMakesNoTaskOfAnotherDoubtful() {
        ConcurrentLinkedQueue<TaskContext> running = new ConcurrentLinkedQueue<>();
        Worker.on(fleet.join(faults))
                .queues("numbers", "others")
                .concurrency(2)
                .lease(LEASE)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    running.add(task);
                    release.await();
                }))
                .start();
        TaskQueue.on(producer).enqueue(COUNT, 1);
        TaskQueue.on(producer).enqueue(COUNT.on("others"), 2);
        await().until(() -> running.size() == 2);
        faults.withoutBeats("others");
        TaskContext served = running.stream()
                .filter(task -> task.queue().equals("numbers"))
                .findFirst()
                .orElseThrow();
        TaskContext unserved =
                running.stream().filter(task -> task != served).findFirst().orElseThrow();
        await().atMost(Duration.ofSeconds(30)).until(() -> !unserved.stillMine());
        await().atMost(Duration.ofSeconds(30)).until(served::stillMine);
        served.assertMine();
        faults.withoutBeats("");
        await().atMost(Duration.ofSeconds(30)).until(unserved::stillMine);
    }

    @Test
    void theLastTryRunsAlone() {
        AtomicInteger deadRuns = new AtomicInteger();
        Worker.on(fleet.join(faults))
                .queues("numbers")
                .lease(LEASE)
                .maxDeliveries(2)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    deadRuns.incrementAndGet();
                    release.await();
                }))
                .start();
        TaskQueue tasks = TaskQueue.on(producer);
        tasks.enqueue(COUNT, 0);
        await().until(() -> deadRuns.get() == 1);
        faults.cut(true);
        AtomicInteger others = new AtomicInteger();
        AtomicInteger beside = new AtomicInteger();
        AtomicBoolean lastTry = new AtomicBoolean();
        Worker heir = Worker.on(producer)
                .queues("numbers")
                .concurrency(4)
                .lease(LEASE)
                .maxDeliveries(2)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    if (number == 0) {
                        lastTry.set(true);
                        beside.addAndGet(others.get());
                        tasks.enqueueAll(COUNT, List.of(5, 6, 7));
                        await().during(Duration.ofMillis(200)).until(() -> true);
                        lastTry.set(false);
                    } else {
                        others.incrementAndGet();
                        if (lastTry.get()) {
                            beside.incrementAndGet();
                        }
                        others.decrementAndGet();
                    }
                }))
                .listener(events::add)
                .start();
        tasks.enqueueAll(COUNT, List.of(1, 2, 3, 4));
        fleet.passLeases(LEASE.plusSeconds(1));
        await().until(() -> heir.stats().processed() == 8);
        assertThat(beside).hasValue(0);
        assertThat(heir.stats().failed() + heir.stats().retried()).isZero();
        assertThat(events)
                .anyMatch(event -> event instanceof WorkerEvent.Upkeep upkeep
                        && upkeep.event().kind() == TaskEvent.Kind.LAST_TRY);
    }

    @Test
    void aTaskWhoseWorkersKeepDyingFails() {
        AtomicInteger runs = new AtomicInteger();
        Worker.on(fleet.join(faults))
                .queues("numbers")
                .lease(LEASE)
                .maxDeliveries(1)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    runs.incrementAndGet();
                    release.await();
                }))
                .start();
        TaskQueue tasks = TaskQueue.on(producer);
        tasks.enqueue(COUNT, 0);
        await().until(() -> runs.get() == 1);
        faults.cut(true);
        Worker.on(producer)
                .queues("numbers")
                .lease(LEASE)
                .maxDeliveries(1)
                .listener(events::add)
                .start();
        fleet.passLeases(LEASE.plusSeconds(1));
        await().until(() -> tasks.inspect().failed(0, 10).size() == 1);
        assertThat(runs).hasValue(1);
    }

    @Test
    @Tag("long")
    void aWorkerThatWaitsToBeAloneGoesOnWhenAnotherHadTheLastTry() {
        AtomicInteger runs = new AtomicInteger();
        TaskHandler<Integer> handler = (number, task) -> {
            if (task.queue().equals("long") || runs.incrementAndGet() == 1) {
                release.await();
            }
        };
        Worker.Builder dead = Worker.on(fleet.join(faults)).queues("numbers");
        TaskQueue tasks = TaskQueue.on(producer);
        tasks.enqueue(COUNT, 0);
        dead.lease(LEASE)
                .maxDeliveries(2)
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
        await().until(() -> runs.get() == 1);
        faults.cut(true);
        fleet.passLeases(LEASE.plusSeconds(1));
        tasks.enqueue(COUNT.on("long"), 1);
        Worker busy = Worker.on(fleet.join())
                .queues("long", "numbers")
                .concurrency(2)
                .lease(LEASE)
                .maxDeliveries(2)
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
        await().atMost(Duration.ofSeconds(40)).until(() -> busy.parts().poller().alone());
        Worker idle = Worker.on(producer)
                .queues("numbers")
                .lease(LEASE)
                .maxDeliveries(2)
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
        await().until(() -> idle.stats().processed() == 1);
        idle.close();
        tasks.enqueue(COUNT, 2);
        await().until(() -> busy.stats().processed() == 1);
        assertThat(busy.stats().running()).hasSize(1);
    }

    private Worker worker(Cluster node, int concurrency, TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(concurrency)
                .lease(LEASE)
                .listener(events::add)
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
    }
}
