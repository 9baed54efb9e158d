package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollbackTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(fleet.join());
    private final CountDownLatch release = new CountDownLatch(1);
    private final Map<Integer, Integer> runs = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @Test
    void endsThatTheBackendLostAfterItAcceptedThemAreAcceptedAgainAndNothingRunsTwice() {
        Worker worker = worker(500);
        tasks.enqueueAll(COUNT, IntStream.range(0, 500).boxed().toList());
        await().atMost(PATIENCE).until(() -> runs.size() == 500);
        faults.loseWrites(true);
        release.countDown();
        await().atMost(PATIENCE).until(() -> worker.stats().processed() == 500);
        assertThat(info().active()).isEqualTo(500);
        faults.loseWrites(false);
        await().atMost(PATIENCE).until(() -> info().active() == 0);
        fleet.passLeases(LEASE.plusSeconds(1));
        worker(1);
        tasks.enqueue(COUNT, 1000);
        await().atMost(PATIENCE).until(() -> runs.containsKey(1000));
        assertThat(runs)
                .hasSize(501)
                .allSatisfy((number, count) -> assertThat(count).isEqualTo(1));
        assertThat(info().waiting() + info().retry()).isZero();
    }

    @Test
    void endsThatTheBackendLostWithTheWholeConversationAreAcceptedAgain() {
        Worker worker = worker(3);
        tasks.enqueueAll(COUNT, List.of(1, 2, 3));
        await().atMost(PATIENCE).until(() -> runs.size() == 3);
        faults.loseWrites(true);
        release.countDown();
        await().atMost(PATIENCE).until(() -> worker.stats().processed() == 3);
        faults.forget(turn -> true);
        faults.loseWrites(false);
        await().atMost(PATIENCE).until(() -> info().active() == 0);
        assertThat(runs).containsOnly(Map.entry(1, 1), Map.entry(2, 1), Map.entry(3, 1));
    }

    @Test
    void whatItIsTakenToHoldWithoutKnowingOfItIsGivenBackThoughItBeats() throws Exception {
        Worker worker = worker(2);
        tasks.enqueue(COUNT, 1);
        await().atMost(PATIENCE).until(() -> runs.containsKey(1));
        TaskBroker broker = fleet.join().transport().tasks().orElseThrow();
        faults.loseWrites(true);
        tasks.enqueue(COUNT, 2);
        Turn unknown =
                new Turn("numbers", new Call("nobodys", 1), worker.parts().owner(), LEASE, 3, List.of(), 1, false);
        TaskBroker.Lease lease = broker.turn(List.of(unknown))
                .toCompletableFuture()
                .get()
                .get(0)
                .leases()
                .get(0);
        long trips = worker.stats().trips();
        await().atMost(PATIENCE).until(() -> worker.stats().trips() > trips + 1);
        faults.loseWrites(false);
        await().atMost(PATIENCE).until(() -> runs.containsKey(2));
        Turn late = new Turn(
                "numbers",
                new Call("nobodys", 2),
                worker.parts().owner(),
                LEASE,
                3,
                List.of(new Settlement(lease.id(), lease.fence(), new TaskBroker.Outcome.Done())),
                0,
                false);
        assertThat(broker.turn(List.of(late)).toCompletableFuture().get().get(0).settled())
                .containsExactly(Settled.FENCED);
        release.countDown();
        await().atMost(PATIENCE).until(() -> worker.stats().processed() == 2);
        assertThat(runs).containsOnly(Map.entry(1, 1), Map.entry(2, 1));
    }

    @Test
    void nothingIsSentAgainToABackendThatHasLostNothing() {
        release.countDown();
        Worker worker = worker(4);
        tasks.enqueueAll(COUNT, IntStream.range(0, 100).boxed().toList());
        await().atMost(PATIENCE).until(() -> worker.stats().processed() == 100);
        long before = faults.settlements();
        for (int i = 0; i < 3; i++) {
            long trips = worker.stats().trips();
            faults.sayUp();
            await().atMost(PATIENCE).until(() -> worker.stats().trips() > trips);
        }
        assertThat(faults.settlements()).isEqualTo(before);
    }

    private QueueInfo info() {
        return tasks.inspect().queues().stream()
                .filter(info -> info.queue().equals("numbers"))
                .findFirst()
                .orElse(new QueueInfo("numbers", 0, 0, 0));
    }

    private Worker worker(int concurrency) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(concurrency)
                .lease(LEASE)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    runs.merge(number, 1, Integer::sum);
                    release.await();
                }))
                .start();
    }
}
