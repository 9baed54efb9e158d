package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.WorkerListener.Ran;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunCountsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers").retry(RetryPolicy.never());

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final Cluster producer = fleet.join();
    private final Queue<Ran> told = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    private final class Counter implements WorkerListener {

        @Override
        public void on(WorkerEvent event) {
            // It counts runs.
        }

        @Override
        public void ran(List<Ran> runs) {
            assertThat(runs).isNotEmpty();
            told.addAll(runs);
        }

        @Override
        public boolean isQuick() {
            return true;
        }
    }

    private Worker worker(TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(8)
                .lease(Duration.ofSeconds(1))
                .listener(new Counter())
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
    }

    @Test
    void eachRunIsToldOnceAndHowItEndedHoweverManyAnswersAreLost() {
        TaskQueue.on(producer)
                .enqueueAll(COUNT, IntStream.range(0, 1000).boxed().toList());
        TaskQueue.on(producer).enqueue(TaskType.of("nobody", String.class).on("numbers"), "x");
        faults.lose(33);
        Worker worker = worker((number, task) -> {
            if (number % 10 == 0) {
                throw new IllegalStateException("no");
            }
        });
        await().atMost(LONG)
                .until(() -> worker.stats().processed() == 900 && worker.stats().failed() == 101);
        await().atMost(LONG).until(() -> told.size() >= 1000);
        worker.close();
        assertThat(told.stream().map(run -> run.task().id()).distinct()).hasSize(1000);
        assertThat(told)
                .hasSize(1000)
                .allSatisfy(run -> assertThat(run.age()).isGreaterThanOrEqualTo(run.nanos()))
                .allSatisfy(run -> assertThat(run.done()).isEqualTo(run.returned()));
        assertThat(told.stream().filter(Ran::done)).hasSize(900);
    }

    @Test
    void runsWhoseEndTheBackendNeverAnswersToAreToldAtTheClose() {
        AtomicInteger runs = new AtomicInteger();
        faults.cutSettlements();
        TaskQueue.on(producer).enqueueAll(COUNT, List.of(1, 2, 3));
        Worker worker = worker((number, task) -> runs.incrementAndGet());
        await().atMost(LONG).until(() -> runs.get() == 3);
        worker.close();
        assertThat(told).hasSize(3).allMatch(Ran::returned).noneMatch(Ran::done);
    }

    @Test
    void aRunThatLostItsLeaseIsToldWhenItEndsAndIsNotDone() {
        CountDownLatch started = new CountDownLatch(1);
        Worker worker = worker((number, task) -> {
            started.countDown();
            release.await();
        });
        TaskQueue.on(producer).enqueue(COUNT, 1);
        await().atMost(LONG).until(() -> started.getCount() == 0);
        faults.cut(true);
        fleet.passLeases(Duration.ofSeconds(2));
        Worker heir = Worker.on(producer)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
        await().atMost(LONG).until(() -> heir.stats().processed() == 1);
        assertThat(told).isEmpty();
        faults.cut(false);
        await().atMost(LONG).until(() -> worker.stats().lost() == 1 && !told.isEmpty());
        assertThat(told).singleElement().satisfies(run -> {
            assertThat(run.returned()).isFalse();
            assertThat(run.done()).isFalse();
        });
    }
}
