package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Rate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueuesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class);

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(node);
    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @ParameterizedTest
    @CsvSource({"1,false", "8,false", "8,true", "50,true"})
    void sharesOfTheFirstFiveThousandAreThoseOfTheWeights(int concurrency, boolean prefetch) {
        add("a", 4000);
        add("b", 2500);
        add("c", 1500);
        Worker.Builder builder = Worker.on(node)
                .weighted(Map.of("a", 6, "b", 3, "c", 1))
                .concurrency(concurrency)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())));
        Worker worker = (prefetch ? builder : builder.withoutPrefetch()).start();
        await().atMost(LONG).until(() -> worker.stats().processed() == 8000);
        List<String> first = seen.stream().limit(5000).toList();
        assertThat(share(first, "a")).isCloseTo(60, within(3.0));
        assertThat(share(first, "b")).isCloseTo(30, within(3.0));
        assertThat(share(first, "c")).isCloseTo(10, within(3.0));
    }

    @Test
    void whatHasNoWorkLeavesItsPartAndDoesNotSaveUp() {
        add("a", 3000);
        CountDownLatch later = new CountDownLatch(1);
        Worker worker = Worker.on(node)
                .weighted(Map.of("a", 1, "b", 9))
                .concurrency(1)
                .withoutPrefetch()
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    seen.add(task.queue());
                    if (seen.size() == 1000) {
                        later.await();
                    }
                }))
                .start();
        await().atMost(LONG).until(() -> seen.size() == 1000);
        add("b", 2000);
        later.countDown();
        await().atMost(LONG).until(() -> worker.stats().processed() == 5000);
        List<String> next = seen.stream().skip(1020).limit(1000).toList();
        assertThat(share(next, "b")).isCloseTo(90, within(3.0));
    }

    @Test
    void aPatternStandsForTheQueuesThatThereAreAndWillBe() {
        add("mail.in", 1);
        add("other", 1);
        Worker worker = Worker.on(node)
                .queues("mail.*")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())))
                .start();
        await().atMost(LONG).until(() -> worker.stats().processed() == 1);
        add("mail.out", 2);
        await().atMost(LONG).until(() -> worker.stats().processed() == 3);
        assertThat(seen).containsExactly("mail.in", "mail.out", "mail.out");
        assertThat(tasks.inspect().queue("other"))
                .hasValueSatisfying(info -> assertThat(info.waiting()).isEqualTo(1));
    }

    @Test
    void aNamedQueueKeepsItsPlaceBesideThePatterns() {
        QueueChoice choice = QueueChoice.inOrder(List.of("urgent", "*", "mail.*", "low"));
        assertThat(choice.arrange(Set.of("z", "low", "mail.b", "a", "urgent")).keySet())
                .containsExactly("urgent", "a", "mail.b", "z", "low");
        assertThat(QueueChoice.inOrder(List.of("a.*"))
                        .arrange(Set.of("ab", "a.b"))
                        .keySet())
                .containsExactly("a.b");
        assertThat(QueueChoice.byWeight(Map.of("a*", 5)).arrange(Set.of("ab", "b")))
                .containsExactly(Map.entry("ab", 5));
        assertThatThrownBy(() -> QueueChoice.inOrder(List.of("a b*"))).hasMessageContaining("\"a b*\"");
        assertThatThrownBy(() -> QueueChoice.byWeight(Map.of("a", 0)))
                .hasMessage("The weight of queue a must be between 1 and 1000, was 0");
        assertThatThrownBy(() -> QueueChoice.byWeight(Map.of())).hasMessageContaining("needs a queue");
    }

    @Test
    void aPausedQueueIsNotAskedOnAndOnAndServedWhenItGoesOn() {
        tasks.queue("numbers").pause();
        Worker worker = Worker.on(node)
                .queues("numbers", "other")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())))
                .start();
        add("numbers", 500);
        add("other", 1);
        await().atMost(LONG).until(() -> worker.stats().processed() == 1);
        long before = worker.stats().trips();
        long start = System.nanoTime();
        for (int i = 0; i < 300; i++) {
            add("numbers", 1);
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        assertThat(worker.stats().trips() - before).isLessThan(30 + 5 * seconds);
        assertThat(seen).containsExactly("other");
        tasks.queue("numbers").resume();
        await().atMost(LONG).until(() -> worker.stats().processed() == 801);
    }

    @Test
    void whatIsLimitedLeavesThePlacesToOthers() {
        tasks.queue("numbers").change(settings -> settings.withLimits(Optional.of(2), Optional.empty()));
        add("numbers", 10);
        add("other", 100);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch others = new CountDownLatch(100);
        Worker worker = Worker.on(node)
                .queues("numbers", "other")
                .concurrency(8)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    if (task.queue().equals("other")) {
                        others.countDown();
                        return;
                    }
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    others.await();
                    now.decrementAndGet();
                }))
                .start();
        await().atMost(LONG).until(() -> worker.stats().processed() == 110);
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void aHundredStartsASecondAreTakenAsTheyComeByThreeWorkers() {
        tasks.queue("numbers")
                .change(settings ->
                        settings.withLimits(Optional.empty(), Optional.of(Rate.of(100, Duration.ofSeconds(1)))));
        add("numbers", 1000);
        for (int i = 0; i < 3; i++) {
            Worker.on(fleet.join())
                    .queues("numbers")
                    .concurrency(4)
                    .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())))
                    .start();
        }
        int steps = 300;
        for (int i = 1; i <= steps; i++) {
            fleet.elapse(Duration.ofMillis(10));
            int least = i - 1;
            await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(() -> seen.size() >= least);
        }
        assertThat(seen.size()).isBetween((int) (steps * 0.95), (int) (steps * 1.05));
    }

    @Test
    void severalDozensOfQueuesAreServed() {
        String[] names = IntStream.range(0, 60).mapToObj(i -> "q" + i).toArray(String[]::new);
        Map<String, Integer> runs = new ConcurrentHashMap<>();
        Worker worker = Worker.on(node)
                .queues(names)
                .concurrency(4)
                .handlers(
                        handlers -> handlers.handle(COUNT, (number, task) -> runs.merge(task.queue(), 1, Integer::sum)))
                .start();
        for (String name : names) {
            add(name, 20);
        }
        await().atMost(LONG).until(() -> worker.stats().processed() == 1200);
        assertThat(runs)
                .hasSize(60)
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(20));
    }

    private void add(String queue, int count) {
        tasks.enqueueAll(COUNT.on(queue), IntStream.range(0, count).boxed().toList());
    }

    private static double share(List<String> queues, String queue) {
        return 100.0 * queues.stream().filter(queue::equals).count() / queues.size();
    }
}
