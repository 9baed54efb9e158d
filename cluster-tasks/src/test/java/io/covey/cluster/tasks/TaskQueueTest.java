package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskQueueTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(7);
    private final Cluster node = fleet.join(faults);

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void callsThatMeetTravelTogether() throws InterruptedException {
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofSeconds(30));
        CountDownLatch gathered = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        List<Integer> sizes = new ArrayList<>();
        faults.beforeEnqueue(batch -> {
            sizes.add(batch.size());
            first.countDown();
            awaitQuietly(gathered);
        });
        List<Thread> producers = producers(16, producer -> tasks.enqueue(COUNT, producer));
        producers.get(0).start();
        first.await();
        producers.subList(1, 16).forEach(Thread::start);
        await().until(() ->
                producers.stream().skip(1).allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        gathered.countDown();
        join(producers);
        assertThat(sizes).containsExactly(1, 15);
        assertThat(waiting("numbers")).isEqualTo(16);
    }

    @Test
    void lostAnswersNeitherLoseNorDoubleAndEachProducerKeepsItsOrder() throws InterruptedException {
        faults.lose(33);
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofSeconds(60));
        join(started(producers(16, producer -> {
            for (int i = 0; i < 50; i++) {
                assertThat(tasks.enqueue(COUNT, producer * 1000 + i).accepted()).isTrue();
            }
        })));
        faults.lose(0);
        assertThat(waiting("numbers")).isEqualTo(800);
        Map<Integer, List<Integer>> seen = new ConcurrentHashMap<>();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(
                        COUNT,
                        (number, task) -> seen.computeIfAbsent(number / 1000, producer -> new ArrayList<>())
                                .add(number % 1000)))
                .start();
        await().until(() -> worker.stats().processed() == 800);
        List<Integer> order = IntStream.range(0, 50).boxed().toList();
        assertThat(seen)
                .hasSize(16)
                .allSatisfy((producer, numbers) -> assertThat(numbers).isEqualTo(order));
    }

    @Test
    void aKnownIdIsNotAddedAgain() {
        TaskQueue tasks = TaskQueue.on(node);
        EnqueueOptions once = EnqueueOptions.none().withId("invoice-7");
        assertThat(tasks.enqueue(COUNT, 1, once)).isEqualTo(new Enqueued("numbers", "invoice-7", true));
        assertThat(tasks.enqueue(COUNT, 1, once)).isEqualTo(new Enqueued("numbers", "invoice-7", false));
        assertThat(waiting("numbers")).isEqualTo(1);
    }

    @Test
    void whatStaysUnknownIsSaidWithTheIdAndCanBeRepeated() {
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofMillis(300));
        EnqueueOptions once = EnqueueOptions.none().withId("invoice-8");
        faults.silence(true);
        UnconfirmedException unknown =
                catchThrowableOfType(UnconfirmedException.class, () -> tasks.enqueue(COUNT, 1, once));
        assertThat(unknown.id()).contains("invoice-8");
        assertThat(unknown).hasMessageContaining("numbers").hasMessageContaining("not known");
        faults.silence(false);
        assertThat(tasks.enqueue(COUNT, 1, once).accepted()).isFalse();
        assertThat(waiting("numbers")).isEqualTo(1);
    }

    @Test
    void aBackendThatWasNeverThereLeavesNoDoubt() {
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofMillis(300));
        faults.beforeEnqueue(batch -> {
            throw new UnavailableException("redis is not connected");
        });
        assertThatThrownBy(() -> tasks.enqueue(COUNT, 1))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("numbers")
                .hasMessageContaining("nothing was added");
        faults.beforeEnqueue(batch -> {});
        tasks.enqueue(COUNT, 2);
        assertThat(waiting("numbers")).isEqualTo(1);
    }

    @Test
    void aCallGoesThroughWhenTheBackendComesBackInTime() throws InterruptedException {
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofSeconds(30));
        faults.cut(true);
        List<Thread> producers = started(producers(4, producer -> tasks.enqueue(COUNT, producer)));
        await().until(() -> faults.calls() >= 3);
        faults.cut(false);
        join(producers);
        assertThat(waiting("numbers")).isEqualTo(4);
    }

    @Test
    void anInterruptedProducerLeavesTheOthersOfItsBatchServed() throws InterruptedException {
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofSeconds(30));
        faults.cut(true);
        AtomicInteger interrupted = new AtomicInteger();
        List<Thread> producers = producers(5, producer -> {
            try {
                tasks.enqueue(COUNT, producer);
            } catch (UnconfirmedException e) {
                assertThat(Thread.interrupted()).isTrue();
                interrupted.incrementAndGet();
            }
        });
        producers.get(0).start();
        await().until(() -> faults.calls() >= 1);
        producers.subList(1, 5).forEach(Thread::start);
        await().until(() ->
                producers.stream().skip(1).allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        producers.get(0).interrupt();
        await().until(() -> interrupted.get() == 1);
        faults.cut(false);
        join(producers);
        assertThat(waiting("numbers")).isEqualTo(4);
    }

    @Test
    void aRefusalConcernsOnlyTheCallerItIsMeantFor() throws InterruptedException {
        TaskQueue tasks = TaskQueue.on(node).withTimeout(Duration.ofSeconds(30));
        CountDownLatch gathered = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        faults.beforeEnqueue(batch -> {
            first.countDown();
            awaitQuietly(gathered);
            if (batch.stream().anyMatch(task -> task.type().equals("bad"))) {
                throw new IllegalArgumentException("bad is refused");
            }
        });
        AtomicReference<Throwable> refused = new AtomicReference<>();
        List<Thread> producers = producers(6, producer -> {
            if (producer == 3) {
                try {
                    tasks.enqueue(TaskType.raw("bad").on("numbers"), "[]");
                } catch (IllegalArgumentException e) {
                    refused.set(e);
                }
            } else {
                tasks.enqueue(COUNT, producer);
            }
        });
        producers.get(0).start();
        first.await();
        producers.subList(1, 6).forEach(Thread::start);
        await().until(() ->
                producers.stream().skip(1).allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        gathered.countDown();
        join(producers);
        assertThat(refused.get()).hasMessage("bad is refused");
        assertThat(waiting("numbers")).isEqualTo(5);
    }

    @Test
    void aBatchThatIsRefusedAfterALostAnswerIsNotSentAgainInParts() throws InterruptedException {
        TaskQueue tasks = TaskQueue.on(node);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch gathered = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        faults.beforeEnqueue(batch -> {
            switch (calls.incrementAndGet()) {
                case 1 -> {
                    first.countDown();
                    awaitQuietly(gathered);
                }
                case 2 -> faults.silence(true);
                case 3 -> {
                    faults.silence(false);
                    throw new RefusedException("no permission any more");
                }
                default -> {}
            }
        });
        AtomicInteger unconfirmed = new AtomicInteger();
        List<Thread> producers = producers(3, producer -> {
            try {
                tasks.enqueue(COUNT, producer);
            } catch (UnconfirmedException e) {
                unconfirmed.incrementAndGet();
            }
        });
        producers.get(0).start();
        first.await();
        producers.subList(1, 3).forEach(Thread::start);
        await().until(() ->
                producers.stream().skip(1).allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        gathered.countDown();
        join(producers);
        assertThat(unconfirmed).hasValue(2);
        assertThat(waiting("numbers")).isEqualTo(3);
    }

    @Test
    void aProducerThatTheBackendGaveUpGoesOn() {
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueue(COUNT, 1);
        String forgotten = "x" + System.nanoTime();
        AtomicReference<String> lane = new AtomicReference<>();
        faults.lanes(call -> {
            lane.compareAndSet(null, call.lane());
            return call.lane().equals(lane.get()) ? new Call(forgotten, call.seq()) : call;
        });
        tasks.enqueue(COUNT, 2);
        tasks.enqueue(COUNT, 3);
        assertThat(waiting("numbers")).isEqualTo(3);
    }

    @Test
    void aBulkKeepsTheOrderOfEachQueueAndOfTheReceipts() {
        TaskQueue tasks = TaskQueue.on(node);
        List<NewTask<Integer>> bulk = IntStream.range(0, 1000)
                .mapToObj(i -> new NewTask<>(
                        COUNT,
                        i,
                        EnqueueOptions.none().withQueue(i % 3 == 0 ? "a" : "b").withId("id" + i)))
                .toList();
        List<Enqueued> receipts = tasks.enqueueAll(bulk);
        assertThat(receipts).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(receipts.get(i)).isEqualTo(new Enqueued(i % 3 == 0 ? "a" : "b", "id" + i, true));
        }
        assertThat(waiting("a")).isEqualTo(334);
        assertThat(faults.calls()).isEqualTo(2 + 4);
    }

    @Test
    void argumentsThatAreNoListAreRefusedBeforeTheyAreSent() {
        assertThatThrownBy(() -> TaskQueue.on(node).enqueue(TaskType.raw("any"), "{\"a\":1}"))
                .hasMessageContaining("JSON array");
        assertThat(faults.calls()).isZero();
    }

    private long waiting(String queue) {
        return TaskQueue.on(node).inspect().queue(queue).map(QueueInfo::waiting).orElse(0L);
    }

    /** What a producer does, given its number. */
    private interface Body {
        void run(int producer);
    }

    private final AtomicReference<Throwable> thrown = new AtomicReference<>();

    private List<Thread> producers(int count, Body body) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    Thread thread = new Thread(() -> body.run(i), "producer-" + i);
                    thread.setUncaughtExceptionHandler((who, what) -> thrown.set(what));
                    return thread;
                })
                .toList();
    }

    private static List<Thread> started(List<Thread> threads) {
        threads.forEach(Thread::start);
        return threads;
    }

    private void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(thrown.get()).isNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
