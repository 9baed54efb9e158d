package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.tasks.WorkerListener.Ran;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What tasks promise from producer to worker, on any transport. */
public abstract class WorkersContract {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class)
            .on("numbers")
            .retry(RetryPolicy.standard().withFixedDelay(Duration.ZERO).withAttempts(2));

    private final Queue<TaskContext> running = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private Cluster node;
    private TaskQueue tasks;

    /**
     * One more node of the same cluster, which nobody else was in before this test, with what is made of its transport; it is
     * closed afterwards.
     */
    protected abstract Cluster join(UnaryOperator<Transport> around);

    private Cluster join() {
        return join(UnaryOperator.identity());
    }

    /** One more node, over a line of its own that can be cut. */
    protected abstract Cluster joinOverLine();

    /** Nothing gets through that line, or everything does again. */
    protected abstract void cut(boolean now);

    /** Lets time go by if the backend's clock stands still. */
    protected void elapse(Duration time) {
        // its own clock goes on
    }

    @BeforeEach
    final void openQueues() {
        node = join();
        tasks = TaskQueue.on(join());
        tasks.queue("numbers").change(settings -> settings.withKind(Kind.OWN));
    }

    @AfterEach
    final void letGo() {
        release.countDown();
    }

    @Nested
    final class Payloads extends PayloadContract {
        @Override
        TaskQueue tasks() {
            return tasks;
        }
    }

    @Test
    final void aResultIsAwaitedAndSoIsAFailureForGood() {
        work(COUNT, (number, task) -> {
            if (number < 0) {
                throw new IllegalStateException("broken " + task.attempt());
            }
            task.result("of " + number);
        });
        assertThat(tasks.results().await(tasks.enqueue(COUNT, 7), String.class, PATIENCE))
                .contains("of 7");
        Enqueued failing = tasks.enqueue(COUNT, -1);
        failure(failing, new TaskFailure(IllegalStateException.class.getName(), "broken 2"));
        assertThat(tasks.results().failure(failing)).isPresent();
        assertThat(tasks.results().get(failing, String.class)).isEmpty();
    }

    @Test
    final void aTaskThatIsDroppedIsNotWaitedFor() {
        TaskType<Integer> picky = COUNT.retry(RetryPolicy.standard().withDiscardOn(Set.of(ArithmeticException.class)));
        Worker worker = work(picky, (number, task) -> assertThat(1 / number).isNotZero());
        failure(tasks.enqueue(picky, 0), new TaskFailure(ArithmeticException.class.getName(), "/ by zero"));
        await().until(() -> worker.stats().discarded() == 1);
        assertThat(tasks.inspect().failed(0, 10)).isEmpty();
    }

    @Test
    final void aRunningTaskThatIsCancelledIsInterruptedAndItsProducerHears() {
        Worker worker = work(COUNT, this::hold);
        Enqueued receipt = tasks.enqueue(COUNT, 1);
        await().until(() -> !running.isEmpty());
        assertThat(tasks.queue("numbers").cancel(receipt.id())).isEqualTo(Cancelled.TOLD);
        failure(receipt, new TaskFailure("Cancelled", "Cancelled while it ran; what it had done by then stays done"));
        await().until(() -> worker.stats().cancelled() == 1);
        assertThat(running.element().cancelled()).isTrue();
    }

    @Test
    final void aRunningTaskThatIsCancelledIsInterruptedWithinTwoBeats() throws InterruptedException {
        Faults beats = new Faults(1);
        AtomicInteger atInterrupt = new AtomicInteger();
        Worker worker = Worker.on(join(beats::on))
                .queues("numbers")
                .lease(Duration.ofSeconds(1))
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    try {
                        hold(number, task);
                    } catch (InterruptedException e) {
                        atInterrupt.set(beats.beats());
                        throw e;
                    }
                }))
                .start();
        Enqueued receipt = tasks.enqueue(COUNT, 1);
        await().until(() -> !running.isEmpty() && beats.beats() > 0);
        NamedQueue queue = tasks.queue("numbers");
        Cancelled answer = queue.cancel(receipt.id());
        int atCancel = beats.beats();
        await().until(() -> worker.stats().cancelled() == 1);
        assertThat(answer).isEqualTo(Cancelled.TOLD);
        assertThat(atInterrupt.get()).isPositive();
        assertThat(atInterrupt.get() - atCancel).isLessThanOrEqualTo(2);
    }

    @Test
    final void aWaitingTaskThatIsCancelledNeverRunsAndItsProducerHears() {
        Enqueued receipt = tasks.enqueue(COUNT, 1);
        Enqueued other = tasks.enqueue(COUNT, 2);
        assertThat(tasks.queue("numbers").cancel(receipt.id())).isEqualTo(Cancelled.REMOVED);
        failure(receipt, new TaskFailure("Cancelled", "Removed while it waited"));
        work(COUNT, (number, task) -> task.result(number));
        assertThat(tasks.results().await(other, Integer.class, PATIENCE)).contains(2);
    }

    @Test
    @Tag("long")
    final void whatWaitsForTheBackendInALongOutageRunsOnce() {
        Duration lease = Duration.ofSeconds(1);
        TaskType<Integer> onlyOnce = COUNT.retry(RetryPolicy.never());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch isCut = new CountDownLatch(1);
        Queue<String> effects = new ConcurrentLinkedQueue<>();
        Worker worker = Worker.on(joinOverLine())
                .queues("numbers")
                .concurrency(3)
                .lease(lease)
                .handlers(handlers -> handlers.handle(onlyOnce, (number, task) -> {
                    running.add(task);
                    switch (number) {
                        case 1 -> {
                            isCut.await();
                            await().until(() -> !task.stillMine());
                            task.assertMine();
                            effects.add("asserted");
                        }
                        case 2 -> {
                            isCut.await();
                            task.once("late", () -> effects.add("late"));
                        }
                        default ->
                            task.once("early", () -> {
                                begun.countDown();
                                isCut.await();
                                effects.add("early");
                            });
                    }
                }))
                .start();
        tasks.enqueueAll(onlyOnce, List.of(1, 2, 3));
        await().until(() -> running.size() == 3 && begun.getCount() == 0);
        cut(true);
        long since = System.nanoTime();
        isCut.countDown();
        await().until(() -> System.nanoTime() - since > lease.multipliedBy(3).toNanos());
        assertThat(effects).containsExactly("early");
        cut(false);
        await().until(() -> worker.stats().processed() == 3);
        assertThat(effects).containsExactlyInAnyOrder("early", "late", "asserted");
        assertThat(running).hasSize(3).allSatisfy(task -> {
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.deliveries()).isEqualTo(1);
        });
        assertThat(tasks.inspect().failed(0, 10)).isEmpty();
    }

    @Test
    final void whatAnotherFleetMayWriteAndNotEverybodyCanReadIsParked() {
        TaskBroker broker = Brokers.of(node);
        List<String> bad = List.of("[1e400]", "[\"\\ud83d\"]", "[\"" + "x".repeat(1 << 20) + "\"]");
        List<TaskBroker.NewTask> foreign = bad.stream()
                .map(args -> new TaskBroker.NewTask("any", args.getBytes(UTF_8), Optional.empty(), Optional.empty()))
                .toList();
        broker.enqueue("foreign", new Call("lane", 1), foreign)
                .toCompletableFuture()
                .join();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        TaskType<String> any = TaskType.raw("any").on("foreign");
        Worker worker = Worker.on(node)
                .queues("foreign")
                .handlers(handlers -> handlers.handle(any, (args, task) -> seen.add(args)))
                .start();
        await().until(() -> worker.stats().failed() == 3);
        assertThat(tasks.inspect().failed(0, 10))
                .map(failed -> new String(((Content.Readable) failed.failure().content()).args(), UTF_8))
                .containsExactlyInAnyOrderElementsOf(bad);
        assertThat(tasks.inspect().failed(0, 10))
                .map(failed -> failed.failure().message())
                .anyMatch(message -> message.contains("a number beyond 1.8e308, 1e400"))
                .anyMatch(message -> message.contains("half a surrogate pair, \\ud83d"))
                .anyMatch(message -> message.contains("1048580 bytes as JSON, the limit is 1048576"));
        assertThat(seen).isEmpty();
    }

    @Test
    final void aTaskThatTakesTooLongIsInterruptedInEachAttemptAndFails() {
        TaskType<Integer> quick = COUNT.timeout(Duration.ofMillis(100));
        work(quick, this::hold);
        failure(
                tasks.enqueue(quick, 1),
                new TaskFailure(
                        TaskTimeoutException.class.getName(),
                        "Task type count ran for longer than its time of 100 ms"));
        assertThat(running).extracting(TaskContext::attempt).containsExactly(1, 2);
    }

    @Test
    final void aWorkerIsUpAndServesItsQueuesByTheirWeights() {
        Map<String, Integer> weights = Map.of("a", 6, "b", 3, "c", 1);
        weights.forEach((queue, weight) -> tasks.enqueueAll(
                COUNT.on(queue), IntStream.range(0, 500 + 500 * weight).boxed().toList()));
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Worker worker = Worker.on(node)
                .weighted(weights)
                .concurrency(4)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())))
                .start();
        await().until(() -> seen.size() >= 5000);
        assertThat(worker.health().up()).isTrue();
        Map<String, Long> first =
                seen.stream().limit(5000).collect(Collectors.groupingBy(queue -> queue, Collectors.counting()));
        weights.forEach((queue, weight) -> assertThat(first.get(queue))
                .as("of the first 5,000 those of %s, within 3 points", queue)
                .isCloseTo(500L * weight, within(150L)));
    }

    @Test
    final void aHundredTasksOfAKeyAreAmongTheFirstThreeHundredDoneThoughTenThousandOfAnotherCameBefore() {
        tasks.enqueueAll(COUNT.key(number -> "A"), Collections.nCopies(10_000, 0));
        tasks.enqueueAll(COUNT.key(number -> "B"), Collections.nCopies(100, 1));
        Queue<Integer> done = new ConcurrentLinkedQueue<>();
        TaskHandler<Integer> handler = (number, task) -> {
            // Of tasks that do nothing, hundreds end while one thread waits for a processor.
            Thread.sleep(2);
            done.add(number);
        };
        Worker.on(node)
                .queues("numbers")
                .concurrency(4)
                .handlers(handlers -> handlers.handle(COUNT, handler))
                .start();
        await().until(() -> done.size() >= 300);
        assertThat(done.stream().limit(300).filter(number -> number == 1).count())
                .as("those of B among the first 300")
                .isEqualTo(100);
    }

    @Test
    final void aQueueIsGivenBackWithWhatKilledWorkersHeldWhenTheirLeasesAreOver() {
        TaskType<Integer> shared = COUNT.on("mail");
        tasks.enqueueAll(shared, List.of(1, 2, 3));
        TaskBroker broker = node.transport().tasks().orElseThrow();
        Call call = new Call("killed.1", 1);
        Await.on(
                broker.turn(List.of(
                        new TaskBroker.Turn("mail", call, "killed", Duration.ofMillis(500), 3, List.of(), 2, false))),
                PATIENCE,
                "claim");
        GivenBack given = giveBack("mail");
        assertThat(given).isEqualTo(new GivenBack(2, 0, 0));
        assertThat(given.all()).isTrue();
        assertThat(tasks.queue("mail").counts().waiting()).isEqualTo(3);
        assertThat(tasks.queue("mail").counts().active()).isZero();
    }

    @Test
    final void whatAWorkerHoldsThatIsAliveIsToldWhenItsQueueIsGivenBack() {
        work(COUNT, this::hold);
        tasks.enqueueAll(COUNT, List.of(1, 2));
        await().until(() -> running.size() == 2);
        assertThat(giveBack("numbers")).isEqualTo(new GivenBack(0, 2, 1));
    }

    private GivenBack giveBack(String queue) {
        CompletableFuture<GivenBack> given =
                CompletableFuture.supplyAsync(() -> tasks.queue(queue).giveBack());
        await().until(() -> {
            elapse(Duration.ofMillis(10));
            return given.isDone();
        });
        return given.join();
    }

    @Test
    final void theFirstQueueIsServedBeforeTheSecond() {
        List<Integer> numbers = IntStream.range(0, 20).boxed().toList();
        tasks.enqueueAll(COUNT.on("low"), numbers);
        tasks.enqueueAll(COUNT.on("high"), numbers);
        Queue<String> seen = inOrder("high", "low");
        await().until(() -> seen.size() == 40);
        assertThat(seen.stream().limit(20)).containsOnly("high");
        assertThat(seen.stream().skip(20)).containsOnly("low");
    }

    @Test
    final void patternsStandForTheQueuesThatThereAreAndWillBe() {
        tasks.enqueue(COUNT.on("mail.in"), 1);
        tasks.enqueue(COUNT.on("other"), 1);
        Queue<String> mails = inOrder("mail.*");
        await().until(() -> mails.size() == 1);
        tasks.enqueueAll(COUNT.on("mail.out"), List.of(1, 2));
        await().until(() -> mails.size() == 3);
        assertThat(mails).containsExactly("mail.in", "mail.out", "mail.out");
        assertThat(tasks.inspect().queue("other"))
                .hasValueSatisfying(info -> assertThat(info.waiting()).isEqualTo(1));

        tasks.enqueueAll(COUNT.on("urgent"), List.of(1, 2, 3));
        Queue<String> all = inOrder("urgent", "*");
        await().until(() -> all.size() == 4);
        tasks.enqueue(COUNT.on("another"), 1);
        await().until(() -> all.size() == 5);
        assertThat(all).containsExactly("urgent", "urgent", "urgent", "other", "another");
    }

    /** The queues of what a worker runs that has one thread and fetches nothing ahead. */
    private Queue<String> inOrder(String... queues) {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Worker.on(node)
                .queues(queues)
                .concurrency(1)
                .withoutPrefetch()
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(task.queue())))
                .start();
        return seen;
    }

    @Test
    final void aRecurringTaskGoesOnWhenTheNodeThatDeclaredItIsGone() {
        Cluster declaring = join();
        Schedules.on(declaring).declare("sweep", Recurrence.every(Duration.ofSeconds(1)), COUNT, 1);
        assertThat(Schedules.on(node).list()).hasSize(1);
        declaring.close(Duration.ZERO);
        Worker worker = work(COUNT, (number, task) -> {});
        elapse(Duration.ofSeconds(1));
        await().until(() -> worker.stats().processed() >= 1);
        elapse(Duration.ofSeconds(1));
        await().until(() -> worker.stats().processed() >= 2);
        assertThat(Schedules.on(node).stop("numbers", "sweep")).isTrue();
        assertThat(Schedules.on(node).list()).isEmpty();
    }

    @Test
    final void whoCountsRunsIsToldOfEachOnceAndWhetherItsTaskIsDone() {
        Queue<Ran> told = new ConcurrentLinkedQueue<>();
        WorkerListener counter = new WorkerListener() {
            @Override
            public void on(WorkerEvent event) {
                // It counts runs.
            }

            @Override
            public void ran(List<Ran> runs) {
                told.addAll(runs);
            }

            @Override
            public boolean isQuick() {
                return true;
            }
        };
        Queue<Long> ages = new ConcurrentLinkedQueue<>();
        worker(COUNT, (number, task) -> {
                    ages.add(System.nanoTime() - task.startedNanos());
                    if (number < 0) {
                        throw new IllegalStateException("broken " + task.attempt());
                    }
                })
                .listener(counter)
                .start();
        tasks.enqueueAll(COUNT, List.of(1, 2, 3, -1, 4, 5));
        await().until(() -> told.size() >= 7);
        await().until(() -> tasks.inspect().failed(0, 10).size() == 1);
        assertThat(told)
                .hasSize(7)
                .allSatisfy(run -> assertThat(run.age()).isGreaterThanOrEqualTo(run.nanos()))
                .allSatisfy(run -> assertThat(run.done()).isEqualTo(run.returned()));
        assertThat(told.stream()
                        .map(run -> run.task().id() + " " + run.task().attempt())
                        .distinct())
                .hasSize(7);
        assertThat(told.stream().filter(Ran::done)).hasSize(5);
        assertThat(ages).hasSize(7).allSatisfy(age -> assertThat(age).isBetween(0L, PATIENCE.toNanos()));
    }

    @Test
    final void theLastProgressOfATaskIsWhatIsSeenAfterwards() {
        Worker worker = work(COUNT, (number, task) -> {
            task.progress(0, "begun");
            if (number < 0) {
                release.await();
            }
            task.progress(1, "all of it");
        });
        // A server that was never told how a note is put takes its time.
        Enqueued first = tasks.enqueue(COUNT, -1);
        await().until(() -> tasks.results().progress(first).isPresent());
        release.countDown();
        List<Enqueued> receipts =
                tasks.enqueueAll(COUNT, IntStream.range(0, 50).boxed().toList());
        await().until(() -> worker.stats().processed() == 51);
        assertThat(receipts)
                .allSatisfy(receipt ->
                        assertThat(tasks.results().progress(receipt)).contains(new TaskProgress(1, "all of it")));
    }

    private void failure(Enqueued receipt, TaskFailure expected) {
        assertThatThrownBy(() -> tasks.results().await(receipt, String.class, PATIENCE))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        thrown -> assertThat(thrown.failure()).isEqualTo(expected));
    }

    private void hold(Integer number, TaskContext task) throws InterruptedException {
        running.add(task);
        release.await();
    }

    private Worker work(TaskType<Integer> type, TaskHandler<Integer> handler) {
        return worker(type, handler).start();
    }

    private Worker.Builder worker(TaskType<Integer> type, TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(2)
                .lease(Duration.ofSeconds(5))
                .handlers(handlers -> handlers.handle(type, handler));
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10));
    }
}
