package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
    /** Whether this JVM has virtual threads. */
    private static final boolean MODERN = Runtime.version().feature() >= 21;

    record Resize(String file, int width) {}

    private static final TaskType<Resize> RESIZE =
            TaskType.of("resize", Resize.class).on("images");
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aTaskReachesItsHandlerWithItsPayload() {
        Cluster node = fleet.join();
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        Worker worker = Worker.on(node)
                .queues("images")
                .handlers(handlers -> handlers.handle(
                        RESIZE,
                        (resize, task) -> seen.add(resize + " " + task.queue() + " " + task.attempt() + " "
                                + task.deliveries() + " " + task.stillMine() + " " + (task.fence() > 0))))
                .start();
        Enqueued receipt = TaskQueue.on(node).enqueue(RESIZE, new Resize("cat.png", 200));
        assertThat(receipt.accepted()).isTrue();
        await().until(() -> worker.stats().processed() == 1);
        assertThat(seen).containsExactly("Resize[file=cat.png, width=200] images 1 1 true true");
    }

    @Test
    void errorsOfTheApplicationWhereItIsAskedBesideItsHandlersStopNoWorker() {
        Cluster node = fleet.join();
        TaskType<Integer> unique = COUNT.uniqueUntilDone(
                number -> {
                    throw new AssertionError("on purpose, of the name of what is alike");
                },
                Duration.ofHours(1));
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .listener(new WorkerListener() {
                    @Override
                    public boolean isQuick() {
                        return true;
                    }

                    @Override
                    public void on(WorkerEvent event) {
                        throw new AssertionError("on purpose, of a listener");
                    }
                })
                .handlers(handlers -> handlers.handle(unique, (number, task) -> {
                    if (task.attempt() == 1) {
                        throw new IllegalStateException() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public String getMessage() {
                                throw new AssertionError("on purpose, of an exception");
                            }
                        };
                    }
                }))
                .start();
        TaskQueue.on(node).enqueueAll(COUNT, List.of(1, 2, 3));
        await().until(() -> worker.stats().retried() == 3);
        fleet.elapse(Duration.ofSeconds(7));
        await().until(() -> worker.stats().processed() == 3);
    }

    @Test
    void tenThousandTasksRunOnceEach() {
        Cluster node = fleet.join();
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger runs = new AtomicInteger();
        List<Integer> all = IntStream.range(0, 10_000).boxed().toList();
        assertThat(TaskQueue.on(node).enqueueAll(COUNT, all)).hasSize(10_000).allMatch(Enqueued::accepted);
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(8)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    seen.add(number);
                    runs.incrementAndGet();
                }))
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.stats().processed() == 10_000);
        assertThat(seen).hasSize(10_000);
        assertThat(runs).hasValue(10_000);
        assertThat(worker.stats().trips()).isLessThan(10_000);
        assertThat(TaskQueue.on(node).inspect().queue("numbers"))
                .hasValueSatisfying(info -> assertThat(info.waiting() + info.active() + info.retry())
                        .isZero());
    }

    @Test
    void oneWorkerWithOneSlotKeepsTheOrder() {
        Cluster node = fleet.join();
        List<Integer> all = IntStream.range(0, 500).boxed().toList();
        TaskQueue.on(node).enqueueAll(COUNT, all);
        List<Integer> seen = new ArrayList<>();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(number)))
                .start();
        await().until(() -> worker.stats().processed() == 500);
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void noMoreThanTheConcurrencyRunAtOnce() {
        Cluster node = fleet.join();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        TaskQueue.on(node).enqueueAll(COUNT, IntStream.range(0, 200).boxed().toList());
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(3)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    three.countDown();
                    three.await();
                    now.decrementAndGet();
                }))
                .start();
        await().until(() -> worker.stats().processed() == 200);
        assertThat(most).hasValue(3);
    }

    @Test
    void handlersRunOnVirtualThreadsWhereThereAreSome() throws ReflectiveOperationException {
        assertThat(handlerIsVirtual(builder -> builder)).isEqualTo(MODERN);
    }

    @Test
    void handlersRunOnPlatformThreadsWhereThatIsWanted() throws ReflectiveOperationException {
        assertThat(handlerIsVirtual(builder -> builder.virtualThreads(false))).isFalse();
    }

    private boolean handlerIsVirtual(UnaryOperator<Worker.Builder> settings) throws ReflectiveOperationException {
        Cluster node = fleet.join();
        ConcurrentLinkedQueue<Thread> seen = new ConcurrentLinkedQueue<>();
        Worker worker = settings.apply(Worker.on(node))
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(Thread.currentThread())))
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        Thread thread = seen.element();
        assertThat(thread.getName()).startsWith("covey-node-task-");
        assertThat(thread.isDaemon()).isTrue();
        return MODERN && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }

    @Test
    void theFirstQueueIsServedBeforeTheSecond() {
        Cluster node = fleet.join();
        List<String> seen = new ArrayList<>();
        TaskQueue tasks = TaskQueue.on(node);
        for (int i = 0; i < 20; i++) {
            tasks.enqueue(COUNT, i, EnqueueOptions.none().withQueue("low"));
            tasks.enqueue(COUNT, i, EnqueueOptions.none().withQueue("high"));
        }
        Worker worker = Worker.on(node)
                .queues("high", "low")
                .concurrency(1)
                .withoutPrefetch()
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())))
                .start();
        await().until(() -> worker.stats().processed() == 40);
        assertThat(seen.subList(0, 20)).containsOnly("high");
        assertThat(worker.stats().processedByQueue()).containsEntry("high", 20L).containsEntry("low", 20L);
    }

    @Test
    void aTaskWithoutAHandlerIsParkedAmongTheFailed() {
        Cluster node = fleet.join();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueue(TaskType.raw("nobody").on("numbers"), "[1,\"two\"]");
        Worker worker = Worker.on(node).queues("numbers").start();
        await().until(() -> worker.stats().failed() == 1);
        assertThat(tasks.inspect().failed(0, 10)).singleElement().satisfies(failed -> {
            assertThat(failed.failure().exception()).isEqualTo("UnknownTaskType");
            assertThat(failed.failure().message()).contains("nobody");
        });
    }

    @Test
    void aPayloadThatCannotBeReadIsParkedAmongTheFailed() {
        Cluster node = fleet.join();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueue(TaskType.raw("count").on("numbers"), "[\"not a number\"]");
        tasks.enqueue(TaskType.raw("count").on("numbers"), "[1,2]");
        Worker worker = Worker.on(node)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {}))
                .start();
        await().until(() -> worker.stats().failed() == 2);
        assertThat(tasks.inspect().failed(0, 10))
                .map(FailedTask::failure)
                .allSatisfy(failure -> assertThat(failure.message()).startsWith("The payload cannot be read"));
        assertThat(worker.stats().processed()).isZero();
    }

    @Test
    void aTaskDueLaterDoesNotRunBefore() {
        Cluster node = fleet.join();
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueueIn(COUNT, 2, Duration.ofMinutes(5));
        tasks.enqueue(COUNT, 1);
        List<Integer> seen = new ArrayList<>();
        Worker worker = Worker.on(node)
                .queues("numbers")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(number)))
                .start();
        await().until(() -> worker.stats().processed() == 1);
        assertThat(tasks.inspect().totals()).containsEntry("delayed", 1L);
        fleet.elapse(Duration.ofMinutes(5).plusSeconds(1));
        await().until(() -> worker.stats().processed() == 2);
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void settingsOutOfTheirLimitsAreRefusedByName() {
        Cluster node = fleet.join();
        assertThatThrownBy(() -> Worker.on(node).lease(Duration.ofMillis(200)).start())
                .hasMessage("lease must be between 1s and 1h, was 200ms");
        assertThatThrownBy(() -> Worker.on(node).concurrency(0).start()).hasMessageContaining("concurrency");
        assertThatThrownBy(() -> Worker.on(node).queues().start()).hasMessageContaining("needs a queue");
        assertThatThrownBy(() -> Worker.on(node).handlers(handlers -> {
                    handlers.handle(COUNT, (number, task) -> {});
                    handlers.handle(COUNT, (number, task) -> {});
                }))
                .hasMessageContaining("count");
    }
}
