package io.covey.cluster.tasks.testing;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.local.ManualClock;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster for a test of an application that enqueues: in this process, empty at the start, with a clock that stands
 * still until the test lets time pass. Knows what was enqueued by every {@link TaskQueue} on its nodes; recurring tasks are
 * not counted as that. Needs {@code cluster-core}, which every transport brings.
 *
 * <pre>{@code
 * try (TestTasks tasks = TestTasks.start()) {
 *     new Shop(tasks.cluster()).order("book", "ada@example.org");
 *     tasks.assertEnqueued(MAIL, mail -> mail.to().equals("ada@example.org"));
 * }
 * }</pre>
 */
public final class TestTasks implements AutoCloseable {
    private static final TransportConfig CONFIG = TransportConfig.of("local:");
    private static final long LONGEST_DRAIN = Duration.ofSeconds(60).toNanos();
    private static final long LOOK = Duration.ofMillis(2).toMillis();
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int SHOWN = 20;

    private final ManualClock clock;
    private final ExecutorService hints = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "covey-test-hints");
        thread.setDaemon(true);
        return thread;
    });
    private final LocalBackend backend;
    private final Deque<Cluster> nodes = new ArrayDeque<>();
    private final List<NewTask<?>> noted = new CopyOnWriteArrayList<>();
    private final AtomicLong looks = new AtomicLong();
    private final Cluster first;
    private volatile @Nullable Inline inline;

    private TestTasks(Instant start) {
        this.clock = ManualClock.at(start);
        this.backend = LocalBackend.create(clock, hints);
        this.first = join();
    }

    /**
     * Starts with the clock at the beginning of 2030, UTC.
     *
     * @return a cluster of one node; to be closed
     */
    public static TestTasks start() {
        return start(Instant.parse("2030-01-01T00:00:00Z"));
    }

    /**
     * Starts with the clock at a time.
     *
     * @param time what time it is
     * @return a cluster of one node; to be closed
     */
    public static TestTasks start(Instant time) {
        return new TestTasks(time);
    }

    /**
     * The node for the code under test.
     *
     * @return always the same
     */
    public Cluster cluster() {
        return first;
    }

    /**
     * One more node of the same cluster, closed with this object.
     *
     * @return a new node
     */
    public Cluster join() {
        Transport real = backend.open(CONFIG);
        Transport mine = new TestTransport(real, new TestBroker(real.tasks().orElseThrow(), this));
        Cluster node = new ClockedCluster(
                Cluster.join(ClusterConfig.builder("local:")
                        .transport(CONFIG)
                        .transport(Transport.of(mine, real))
                        .build()),
                clock);
        nodes.push(node);
        return node;
    }

    /**
     * What time it is.
     *
     * @return the time of the cluster
     */
    public Instant now() {
        return clock.instant();
    }

    /**
     * Lets time pass: what is due by then may run, locks and limits end.
     *
     * @param time how much, not negative
     */
    public void elapse(Duration time) {
        clock.advance(time);
    }

    /**
     * From now on every enqueue runs its task at once, on its own thread, however it is delayed or alike to others. What the
     * handler throws comes out of the enqueue: unchecked exceptions as they are, others in a
     * {@link io.covey.cluster.ClusterException}. Payloads are written and read as on the wire, and what a queue would refuse is
     * refused. Nothing is queued.
     *
     * @param handlers run them
     */
    public void inline(TaskHandlers handlers) {
        inline = new Inline(first, handlers);
    }

    /**
     * What was enqueued so far and was no duplicate, also what has run meanwhile.
     *
     * @return in order
     */
    public List<NewTask<?>> enqueued() {
        return List.copyOf(noted);
    }

    /**
     * What was enqueued of a type.
     *
     * @param <P> the type of the payload
     * @param type the type; its name counts
     * @return the payloads, in order
     */
    @SuppressWarnings("unchecked") // Types of one name have one payload.
    public <P> List<P> enqueued(TaskType<P> type) {
        return noted.stream()
                .filter(task -> task.type().name().equals(type.name()))
                .map(task -> (P) task.payload())
                .toList();
    }

    /** Forgets what was enqueued so far; it stays queued. */
    public void forget() {
        noted.clear();
    }

    /**
     * Says that a task was enqueued.
     *
     * @param <P> the type of the payload
     * @param type its type
     * @return the payload; the last one if there are more
     * @throws AssertionError if there is none; says what was enqueued
     */
    public <P> P assertEnqueued(TaskType<P> type) {
        return assertEnqueued(type, payload -> true);
    }

    /**
     * Says that a task was enqueued.
     *
     * @param <P> the type of the payload
     * @param type its type
     * @param matcher is given the payloads of the type
     * @return the payload; the last one if there are more
     * @throws AssertionError if there is none; says what was enqueued
     */
    public <P> P assertEnqueued(TaskType<P> type, Predicate<? super P> matcher) {
        List<P> found = enqueued(type).stream().filter(matcher).toList();
        if (found.isEmpty()) {
            throw new AssertionError("No such task of type " + type + " was enqueued; these were: " + shown());
        }
        return found.get(found.size() - 1);
    }

    /**
     * Says that no task of a type was enqueued.
     *
     * @param type the type
     * @throws AssertionError if there is one; says what was enqueued
     */
    public void assertNotEnqueued(TaskType<?> type) {
        if (!enqueued(type).isEmpty()) {
            throw new AssertionError("A task of type " + type + " was enqueued: " + shown());
        }
    }

    /**
     * Runs what can run now, by a real worker, and what is enqueued by that, until nothing more can run. Delayed tasks,
     * retries and what a rate holds up wait for {@link #elapse}; paused queues are left alone. What fails is in
     * {@link TaskQueue#failed()}.
     *
     * @param handlers run them
     * @return how many were done
     * @throws AssertionError if it does not come to an end within a minute
     */
    public long drain(TaskHandlers handlers) {
        long end = System.nanoTime() + LONGEST_DRAIN;
        long done = 0;
        List<String> busy = busy();
        while (!busy.isEmpty()) {
            Worker worker = Worker.on(first)
                    .queues(busy.toArray(String[]::new))
                    .handlers(handlers)
                    .start();
            try {
                while (busy().stream().anyMatch(busy::contains)) {
                    if (System.nanoTime() - end > 0) {
                        throw new AssertionError("The queues " + busy() + " still have tasks after a minute");
                    }
                    pause();
                }
            } finally {
                worker.close();
            }
            done += worker.stats().processed();
            busy = busy();
        }
        return done;
    }

    /** The queues in which something runs or could run now. */
    private List<String> busy() {
        List<QueueInfo> queues = TaskQueue.on(first).inspect().queues();
        TaskBroker broker = first.transport().tasks().orElseThrow();
        Set<String> busy = new TreeSet<>();
        for (QueueInfo queue : queues) {
            Call look = new Call("test-drain", looks.incrementAndGet());
            Turn turn = new Turn(queue.queue(), look, "test-drain", LEASE, 1, List.of(), 0, false);
            QueueState state = Await.on(broker.turn(List.of(turn)), LEASE, "look into queue " + queue.queue())
                    .get(0)
                    .state();
            if (state.ready() + state.lastTries() + queue.active() > 0) {
                busy.add(queue.queue());
            }
        }
        return List.copyOf(busy);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while tasks were drained", e);
        }
    }

    private String shown() {
        List<String> lines = new ArrayList<>();
        noted.stream().limit(SHOWN).forEach(task -> lines.add(task.type() + " " + task.payload()));
        if (noted.size() > SHOWN) {
            lines.add("and " + (noted.size() - SHOWN) + " more");
        }
        return lines.isEmpty() ? "none" : lines.stream().collect(Collectors.joining(", "));
    }

    @Nullable
    Inline inline() {
        return inline;
    }

    /** Queues without a task, each time. */
    TaskBroker trial() {
        return LocalBackend.create(clock, hints).open(CONFIG).tasks().orElseThrow();
    }

    void note(NewTask<?> task) {
        noted.add(task);
    }

    /** Closes the nodes at once. */
    @Override
    public void close() {
        while (!nodes.isEmpty()) {
            nodes.pop().close(Duration.ZERO);
        }
        hints.shutdownNow();
    }
}
