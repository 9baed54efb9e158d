package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Two nodes that work and one that produces, at work on one queue while a test breaks what they talk to, and an account of
 * what they were told and did. Producers repeat a task under its id until it is accepted.
 */
final class TaskFleet implements AutoCloseable {
    static final String QUEUE = "mail";

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration COMMAND = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int MOST_AHEAD = 300;

    private final TaskType<Integer> type = TaskType.of("count", Integer.class).on(QUEUE);
    private final TransportConfig config;
    private final RedisDriverFactory drivers;
    private final List<Cluster> nodes = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> producers = new ArrayList<>();
    private final TaskQueue queue;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Semaphore ahead = new Semaphore(MOST_AHEAD);
    private final Map<Integer, Long> accepted = new ConcurrentHashMap<>();
    private final Map<Integer, List<Run>> runs = new ConcurrentHashMap<>();
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicReference<Throwable> unexpected = new AtomicReference<>();
    private volatile boolean producing = true;

    /** A start of a task: when, and under which fence. */
    record Run(long at, long fence) {}

    TaskFleet(String uri, RedisDriverFactory drivers) {
        String id = UUID.randomUUID().toString().substring(0, 8);
        this.config = TransportConfig.of(uri)
                .withNamespace("covey-" + id)
                .withTaskNamespace("resque-" + id)
                .withTimeouts(Duration.ofSeconds(10), COMMAND);
        this.drivers = drivers;
        this.queue = TaskQueue.on(join("producer")).withTimeout(Duration.ofSeconds(5));
    }

    private Cluster join(String name) {
        Cluster node = Cluster.join(ClusterConfig.builder(config.uri())
                .transport(config)
                .transport(RedisTransport.open(config, drivers))
                .name(name)
                .build());
        nodes.add(node);
        return node;
    }

    /** Starts to produce and to work, and returns when both go well. */
    TaskFleet start() {
        for (int i = 0; i < 2; i++) {
            workers.add(Worker.on(join("worker" + i))
                    .queues(QUEUE)
                    .concurrency(8)
                    .lease(LEASE)
                    .maxDeliveries(20)
                    .drain(Duration.ofSeconds(2))
                    .handlers(registry -> registry.handle(type, this::run))
                    .start());
        }
        for (int i = 0; i < 2; i++) {
            Thread producer = new Thread(this::produce, "producer-" + i);
            producer.setDaemon(true);
            producer.start();
            producers.add(producer);
        }
        return awaitMore(500);
    }

    private void run(Integer number, TaskContext task) {
        runs.computeIfAbsent(number, n -> new CopyOnWriteArrayList<>()).add(new Run(System.nanoTime(), task.fence()));
        ahead.release();
        completions.incrementAndGet();
    }

    private void produce() {
        try {
            while (producing) {
                int number = numbers.incrementAndGet();
                // what was lost gives no leave
                ahead.tryAcquire(100, TimeUnit.MILLISECONDS);
                while (!enqueued(number)) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
                accepted.put(number, System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            unexpected.compareAndSet(null, e);
        }
    }

    private boolean enqueued(int number) {
        try {
            queue.enqueue(type, number, EnqueueOptions.none().withId("n" + number));
            return true;
        } catch (TransportException e) {
            return false;
        }
    }

    /** Waits until that many more tasks were accepted, and that many more run. */
    TaskFleet awaitMore(int count) {
        int acceptedThen = accepted.size() + count;
        int completedThen = completions.get() + count;
        eventually().until(() -> {
            failOnUnexpected();
            return accepted.size() >= acceptedThen && completions.get() >= completedThen;
        });
        return this;
    }

    /** Produces no more and waits until nothing is left in the queue and every end of a task has been answered. */
    void finish() throws InterruptedException {
        producing = false;
        for (Thread producer : producers) {
            producer.join(PATIENCE.toMillis());
        }
        eventually().ignoreExceptionsInstanceOf(TransportException.class).until(() -> {
            failOnUnexpected();
            return left() == 0 && accepted() + refused() >= completions.get();
        });
    }

    private long left() {
        return queue.inspect()
                .queue(QUEUE)
                .map(info -> info.waiting() + info.active() + info.retry())
                .orElse(0L);
    }

    private void failOnUnexpected() {
        Throwable thrown = unexpected.get();
        if (thrown != null) {
            throw new AssertionError("a producer ended", thrown);
        }
    }

    /** Tasks of which a producer was told that they are in, with the time at which it was. */
    Map<Integer, Long> acceptedTasks() {
        return accepted;
    }

    /** All starts of all tasks. */
    Map<Integer, List<Run>> runs() {
        return runs;
    }

    /** Those that were accepted and never started. */
    Set<Integer> lost() {
        Set<Integer> lost = ConcurrentHashMap.newKeySet();
        lost.addAll(accepted.keySet());
        lost.removeAll(runs.keySet());
        return lost;
    }

    /** Starts beyond the first of each task. */
    long secondStarts() {
        return runs.values().stream().mapToLong(all -> all.size() - 1L).sum();
    }

    /** How many ends of tasks the backend has accepted. */
    long accepted() {
        return workers.stream().mapToLong(worker -> worker.stats().processed()).sum();
    }

    /** How many it has refused. */
    long refused() {
        return workers.stream().mapToLong(worker -> worker.stats().refused()).sum();
    }

    /** A task whose fences did not grow from start to start. */
    Optional<Map.Entry<Integer, List<Run>>> withFencesThatDoNotGrow() {
        return runs.entrySet().stream()
                .filter(task -> {
                    List<Run> all = task.getValue();
                    for (int i = 1; i < all.size(); i++) {
                        if (all.get(i).fence() <= all.get(i - 1).fence()) {
                            return true;
                        }
                    }
                    return false;
                })
                .findFirst();
    }

    /** The greatest fence that was seen. */
    long greatestFence() {
        return runs.values().stream()
                .flatMap(List::stream)
                .mapToLong(Run::fence)
                .max()
                .orElse(0);
    }

    /** The key by which the queue is found on a cluster. */
    String key() {
        return "{" + config.taskNamespace() + "}:queue:" + QUEUE;
    }

    static ConditionFactory eventually() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE);
    }

    @Override
    public String toString() {
        return accepted.size() + " accepted, " + runs.size() + " started, " + lost().size() + " lost, " + secondStarts()
                + " second starts, " + accepted() + " ends accepted, " + refused() + " refused";
    }

    @Override
    public void close() {
        producing = false;
        producers.forEach(Thread::interrupt);
        workers.forEach(worker -> worker.close(Duration.ofSeconds(1)));
        nodes.forEach(Cluster::close);
    }
}
