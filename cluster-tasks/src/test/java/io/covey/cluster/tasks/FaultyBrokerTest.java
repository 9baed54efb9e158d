package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyBrokerTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();

    @AfterEach
    void close() {
        fleet.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void lostAnswersCostNoTaskAndNoSecondRun(long seed) {
        Faults faults = new Faults(seed);
        Cluster one = fleet.join(faults);
        Cluster two = fleet.join(faults);
        TaskQueue.on(one).enqueueAll(COUNT, IntStream.range(0, 2000).boxed().toList());
        faults.lose(33);
        Map<Integer, Integer> runs = new ConcurrentHashMap<>();
        TaskHandlers handlers =
                registry -> registry.handle(COUNT, (number, task) -> runs.merge(number, 1, Integer::sum));
        Worker first = Worker.on(one)
                .queues("empty", "numbers")
                .concurrency(8)
                .handlers(handlers)
                .start();
        Worker second = Worker.on(two)
                .queues("numbers", "other")
                .concurrency(8)
                .handlers(handlers)
                .start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> first.stats().processed() + second.stats().processed() == 2000);
        assertThat(runs)
                .hasSize(2000)
                .allSatisfy((number, count) -> assertThat(count).isEqualTo(1));
        assertThat(first.stats().refused() + second.stats().refused()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void lostAnswersCostNothingWithWeightsAndPatternsAndLimits(long seed) {
        Faults faults = new Faults(seed);
        Cluster node = fleet.join(faults);
        TaskQueue tasks = TaskQueue.on(fleet.join());
        tasks.queue("c").change(settings -> settings.withLimits(Optional.of(3), Optional.empty()));
        for (String queue : List.of("a", "b", "c")) {
            tasks.enqueueAll(COUNT.on(queue), IntStream.range(0, 500).boxed().toList());
        }
        Map<String, Integer> runs = new ConcurrentHashMap<>();
        faults.lose(33);
        Worker worker = Worker.on(node)
                .weighted(Map.of("a", 5, "*", 1))
                .concurrency(2, 6)
                .handlers(registry ->
                        registry.handle(COUNT, (number, task) -> runs.merge(task.queue() + number, 1, Integer::sum)))
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.stats().processed() == 1500);
        assertThat(runs)
                .hasSize(1500)
                .allSatisfy((task, count) -> assertThat(count).isEqualTo(1));
        assertThat(worker.stats().refused()).isZero();
    }

    @Test
    void aBackendThatForgotTheConversationGetsANewOneAndNothingIsLost() {
        Faults faults = new Faults(1);
        Cluster node = fleet.join(faults);
        TaskQueue tasks = TaskQueue.on(node);
        Worker worker = Worker.on(node)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
        tasks.enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        AtomicInteger forgotten = new AtomicInteger();
        faults.forget(turn -> !turn.settlements().isEmpty() && forgotten.incrementAndGet() <= 5);
        TaskQueue.on(fleet.join())
                .enqueueAll(COUNT, IntStream.range(0, 100).boxed().toList());
        await().until(() -> worker.stats().processed() == 101);
        assertThat(forgotten).hasPositiveValue();
        assertThat(worker.stats().refused()).isZero();
    }

    @Test
    void lostDataIsSaidAndTheWorkerGoesOn() {
        Faults faults = new Faults(1);
        Cluster node = fleet.join(faults);
        ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .listener(events::add)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        faults.epochs(epoch -> "another");
        tasks.enqueue(COUNT, 2);
        await().until(() -> worker.stats().processed() == 2);
        await().until(() -> events.stream()
                .anyMatch(event -> event instanceof WorkerEvent.DataEpochChanged changed
                        && changed.queue().equals("numbers")
                        && changed.is().equals("another")));
    }

    @Test
    void anOutageIsSaidOnceAndItsEndOnce() {
        Faults faults = new Faults(1);
        ConcurrentLinkedQueue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
        Cluster node = fleet.join(faults);
        Worker worker = Worker.on(node)
                .queues("numbers")
                .listener(events::add)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
        faults.cut(true);
        long before = faults.turns();
        await().until(() -> faults.turns() > before + 5);
        faults.cut(false);
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        await().untilAsserted(() -> assertThat(events)
                .filteredOn(event -> event instanceof WorkerEvent.Interrupted || event instanceof WorkerEvent.Resumed)
                .hasSize(2));
    }

    @Test
    void whatHadNoAnswerIsRepeatedAtOnceWhenTheTransportIsUpAgain() {
        Faults faults = new Faults(1);
        Worker.on(fleet.join(faults))
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
        faults.cut(true);
        long before = faults.turns();
        await().atMost(Duration.ofSeconds(30)).until(() -> faults.turns() > before + 8);
        // By itself each would take half a second at least.
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            long last = faults.turns();
            faults.sayUp();
            await().atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> faults.turns() > last);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
    }

    @Test
    void anIdleWorkerAsksAboutOnceASecond() {
        Faults faults = new Faults(1);
        Worker worker =
                Worker.on(fleet.join(faults)).queues("a", "b", "c", "d", "e").start();
        await().until(() -> worker.stats().trips() >= 1);
        long before = worker.stats().trips();
        long start = System.nanoTime();
        await().until(() -> worker.stats().trips() >= before + 3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
    }
}
