package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskContextTest {
    record Receipt(String account, int cents) {}

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class)
            .on("numbers")
            .retry(RetryPolicy.standard().withFixedDelay(Duration.ZERO));

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(node);
    private final CountDownLatch release = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
    private final AtomicReference<TaskContext> running = new AtomicReference<>();

    TaskContextTest() {
        tasks.queue("numbers").change(settings -> settings.withKind(Kind.OWN));
    }

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @Test
    void aTaskKnowsItsIdItsHeadersAndItsKey() {
        Worker worker = worker((number, task) -> {
            seen.add(task.id());
            seen.add(task.type());
            seen.add(task.headers().get("traceparent"));
            seen.add(task.key());
        });
        Enqueued receipt = tasks.enqueue(
                COUNT, 1, EnqueueOptions.none().withHeader("traceparent", TRACE).withKey("ada"));
        await().until(() -> worker.stats().processed() == 1);
        assertThat(seen).containsExactly(receipt.id(), "count", TRACE, Optional.of("ada"));
    }

    @Test
    void aRunKnowsWhenItStarted() {
        long before = System.nanoTime();
        Worker worker = worker((number, task) -> {
            seen.add(task.startedNanos() - before >= 0);
            seen.add(System.nanoTime() - task.startedNanos() >= 0);
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(seen).containsExactly(true, true);
    }

    @Test
    void aResultIsKeptWithTheTaskThatIsDone() {
        Worker worker = worker((number, task) -> {
            task.result("first");
            task.result(new Receipt("ada", number));
        });
        Enqueued receipt = tasks.enqueue(COUNT, 42);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(tasks.results().get(receipt, Receipt.class)).hasValue(new Receipt("ada", 42));
    }

    @Test
    void aResultThatIsTooLongIsRefusedWhereItIsSet() {
        Worker worker = worker((number, task) -> {
            try {
                task.result(new byte[RunNotes.MOST_BYTES + 1]);
            } catch (IllegalArgumentException e) {
                seen.add(e.getMessage());
            }
        });
        tasks.enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(seen).containsExactly("The result of a task must have at most 1048576 bytes, had 1048577");
    }

    @Test
    void theNewestProgressIsWrittenOnceABeat() {
        worker((number, task) -> {
            for (int i = 0; i < 1000; i++) {
                task.progress(i / 1000.0, "step " + i);
            }
            running.set(task);
            release.await();
        });
        Enqueued receipt = tasks.enqueue(COUNT, 1);
        await().until(() -> running.get() != null);
        await().until(() -> tasks.results().progress(receipt).equals(Optional.of(new TaskProgress(0.999, "step 999"))));
    }

    @Test
    void anEffectHappensOnceOverAllAttempts() {
        AtomicInteger charged = new AtomicInteger();
        AtomicInteger mailed = new AtomicInteger();
        Worker worker = worker((number, task) -> {
            Receipt receipt = task.once("charge", Receipt.class, () -> new Receipt("ada", charged.incrementAndGet()));
            task.once("mail", mailed::incrementAndGet);
            seen.add(receipt);
            if (task.attempt() < 3) {
                throw new IOException("later");
            }
        });
        tasks.enqueueAll(COUNT, List.of(1));
        await().until(() -> worker.stats().processed() == 1);
        assertThat(charged).hasValue(1);
        assertThat(mailed).hasValue(1);
        assertThat(seen).containsOnly(new Receipt("ada", 1)).hasSize(3);
    }

    @Test
    void anEffectThatThrowsMayBeTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Worker worker = worker((number, task) -> task.once("charge", () -> {
            if (tries.incrementAndGet() == 1) {
                throw new IOException("declined");
            }
        }));
        tasks.enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(tries).hasValue(2);
    }

    @Test
    void anEffectIsNotedThoughAnswersAreLostAndItsThreadIsInterrupted() {
        AtomicInteger charged = new AtomicInteger();
        Worker worker = worker((number, task) -> {
            int times = task.once("charge", Integer.class, () -> {
                Thread.currentThread().interrupt();
                return charged.incrementAndGet();
            });
            seen.add(times);
            seen.add(Thread.interrupted());
            throw new IOException("later");
        });
        faults.lose(33);
        TaskQueue.on(fleet.join()).enqueueAll(COUNT, List.of(1));
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.stats().failed() == 1);
        assertThat(charged).hasValue(1);
        assertThat(seen).containsExactly(1, true, 1, false, 1, false);
    }

    private Worker worker(TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .lease(Duration.ofSeconds(2))
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
    }
}
