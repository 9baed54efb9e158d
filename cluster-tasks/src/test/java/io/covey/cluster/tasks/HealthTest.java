package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(fleet.join());
    private final ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void lostDataKeepsTheWorkerDownUntilSomebodyKnows() {
        Worker worker = worker();
        tasks.enqueue(COUNT, 1);
        await().atMost(LONG).until(() -> worker.stats().processed() == 1);
        assertThat(worker.health()).isEqualTo(new WorkerHealth(true, List.of()));
        faults.epochs(epoch -> "another");
        tasks.enqueue(COUNT, 2);
        await().atMost(LONG).until(() -> !worker.health().up());
        assertThat(worker.health().reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("numbers", "another", "until acknowledged"));
        await().atMost(LONG).until(() -> worker.stats().processed() == 2);
        worker.acknowledgeDataLoss();
        assertThat(worker.health().up()).isTrue();
    }

    @Test
    void aWorkerWhoseBackendIsAwayIsDownUntilItIsBack() {
        Worker worker = worker();
        await().atMost(LONG)
                .until(() -> worker.stats().trips() > 0 && worker.health().up());
        faults.cut(true);
        await().atMost(LONG).until(() -> !worker.health().up());
        assertThat(worker.health().reasons().get(0)).contains("does not answer").contains("cut");
        assertThat(node.health().ready().ok()).isFalse();
        assertThat(node.health().live().ok()).isTrue();
        faults.cut(false);
        await().atMost(LONG).until(() -> worker.health().up());
        worker.close(Duration.ZERO);
        assertThat(worker.health().reasons()).containsExactly("The worker is closed");
    }

    @Test
    void aWorkerThatClaimsNothingThoughThereIsWorkSaysSoOnceAndBeginsAnew() {
        Worker worker = worker();
        await().atMost(LONG).until(() -> worker.stats().trips() > 0);
        faults.giveNothing(true);
        tasks.enqueue(COUNT, 1);
        int watches = faults.watches();
        await().atMost(LONG).until(() -> !worker.health().up());
        assertThat(worker.health().reasons().get(0))
                .contains("Queue numbers has tasks")
                .contains("nothing was claimed");
        assertThat(node.health().live().ok()).isFalse();
        assertThat(node.health().ready().ok()).isFalse();
        await().atMost(LONG).until(() -> faults.watches() > watches);
        faults.giveNothing(false);
        goesOnHavingSaidSoOnce(worker);
        assertThat(node.health().live().ok()).isTrue();
    }

    @Test
    void aWorkerWhoseCallsNeitherAreAnsweredNorFailSaysSoOnceAndBeginsAnew() {
        Worker worker = worker();
        await().atMost(LONG).until(() -> worker.stats().trips() > 0);
        faults.silence(true);
        tasks.enqueue(COUNT, 1);
        await().atMost(LONG).until(() -> faults.reconnects() == 1);
        assertThat(worker.health().reasons())
                .containsExactly("A claim or settlement had neither an answer nor an error in 2000 ms");
        faults.silence(false);
        goesOnHavingSaidSoOnce(worker);
    }

    private void goesOnHavingSaidSoOnce(Worker worker) {
        await().atMost(LONG)
                .until(() -> worker.stats().processed() == 1 && worker.health().up());
        assertThat(faults.reconnects()).isEqualTo(1);
        assertThat(events)
                .filteredOn(event -> event instanceof WorkerEvent.NotGettingOn)
                .hasSize(1);
    }

    @Test
    void aWorkerThatClaimsNothingDoesNotAskWithoutPause() {
        Worker worker = worker();
        await().atMost(LONG).until(() -> worker.stats().trips() > 0);
        faults.giveNothing(true);
        tasks.enqueue(COUNT, 1);
        await().atMost(LONG).until(() -> !worker.health().up());
        long before = worker.stats().trips();
        long start = System.nanoTime();
        await().atMost(LONG).until(() -> worker.stats().trips() >= before + 10);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
        faults.giveNothing(false);
        await().atMost(LONG).until(() -> worker.stats().processed() == 1);
    }

    @Test
    void aPollerThatIsStuckIsReportedAndFreed() {
        Worker worker = worker();
        await().atMost(LONG).until(() -> worker.stats().trips() > 0);
        faults.blockTurns();
        await().atMost(LONG).until(() -> events.stream().anyMatch(event -> event instanceof WorkerEvent.NotGettingOn));
        assertThat(((WorkerEvent.NotGettingOn) events.stream()
                                .filter(event -> event instanceof WorkerEvent.NotGettingOn)
                                .findFirst()
                                .orElseThrow())
                        .reason())
                .contains("task-poller")
                .contains("has not come round");
        tasks.enqueue(COUNT, 1);
        await().atMost(LONG)
                .until(() -> worker.stats().processed() == 1 && worker.health().up());
    }

    private Worker worker() {
        return Worker.on(node)
                .queues("numbers")
                .lease(Duration.ofSeconds(1))
                .listener(events::add)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
    }
}
