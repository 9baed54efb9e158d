package io.covey.cluster.micrometer;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.EnqueueMiddleware;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerEvent;
import io.covey.cluster.tasks.WorkerListener;
import io.covey.cluster.tasks.WorkerStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The meters of a node's tasks: of those it adds and of its workers. {@code docs/observability.md} lists them.
 * Thread-safe.
 *
 * <pre>{@code
 * TaskMetrics metrics = new TaskMetrics(cluster);
 * metrics.bindTo(registry);
 * TaskQueue tasks = metrics.around(TaskQueue.on(cluster));
 * Worker worker = metrics.watch(metrics.around(Worker.on(cluster)...).start());
 * }</pre>
 *
 * <p>Tags are bounded: names of queues and of types up to 100 each, then {@code other}. How long tasks waited is known of
 * those that were added through {@link #around(TaskQueue)} to queues of kind OWN, which carry the time in the header
 * {@value #ENQUEUED}.
 */
public final class TaskMetrics implements MeterBinder, AutoCloseable {

    /** The header that says since when a task may run, in milliseconds since the epoch by the backend's clock. */
    public static final String ENQUEUED = "covey-since";

    private final Cluster cluster;
    private final HeaderQueues queues;
    private final List<TaskMeters> bound = new CopyOnWriteArrayList<>();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /**
     * Binds nothing yet.
     *
     * @param cluster the node
     */
    public TaskMetrics(Cluster cluster) {
        this.cluster = cluster;
        this.queues = new HeaderQueues(cluster);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge("covey.worker.running", stats -> stats.running().size())
                .description("Tasks that run on this node")
                .register(registry);
        gauge("covey.worker.prefetched", WorkerStats::prefetched)
                .description("Tasks that this node has fetched and not started")
                .register(registry);
        gauge("covey.worker.concurrency", WorkerStats::concurrency)
                .description("How many tasks may run at once on this node now")
                .register(registry);
        Gauge.builder(
                        "covey.worker.up",
                        this,
                        metrics -> metrics.workers()
                                .filter(worker -> worker.health().up())
                                .count())
                .description("Workers of this node that get on with their work")
                .register(registry);
        bound.add(new TaskMeters(registry));
    }

    private Gauge.Builder<TaskMetrics> gauge(String name, ToLongFunction<WorkerStats> value) {
        return Gauge.builder(
                name,
                this,
                metrics -> metrics.workers()
                        .mapToLong(worker -> value.applyAsLong(worker.stats()))
                        .sum());
    }

    /**
     * Counts what is added through the result.
     *
     * @param tasks adds tasks
     * @return another object on the same queues
     */
    public TaskQueue around(TaskQueue tasks) {
        return tasks.around(this::enqueue);
    }

    /**
     * Counts what a worker does.
     *
     * @param worker the settings of one that has not started
     * @return the same
     */
    public Worker.Builder around(Worker.Builder worker) {
        return worker.listener(new Listener());
    }

    /**
     * Shows what a worker does now, until it has closed.
     *
     * @param worker a running worker
     * @return the same
     */
    public Worker watch(Worker worker) {
        workers();
        workers.add(worker);
        return worker;
    }

    /** Those that have closed are forgotten. */
    private Stream<Worker> workers() {
        workers.removeIf(Worker::isClosed);
        return workers.stream();
    }

    private List<Enqueued> enqueue(List<NewTask<?>> tasks, EnqueueMiddleware.Rest rest) {
        if (bound.isEmpty()) {
            return rest.enqueue(tasks);
        }
        try {
            List<Enqueued> receipts = queues.enqueue(tasks, this::since, rest);
            bound.forEach(meters -> meters.enqueued(tasks, receipts));
            return receipts;
        } catch (RuntimeException e) {
            bound.forEach(meters -> meters.notEnqueued(tasks, e));
            throw e;
        }
    }

    private NewTask<?> since(NewTask<?> task) {
        Instant since = task.options().due().orElseGet(cluster.clock()::instant);
        return HeaderQueues.with(task, ENQUEUED, Long.toString(since.toEpochMilli()));
    }

    /** Counts nothing any more. The meters stay in their registries. */
    @Override
    public void close() {
        bound.clear();
        workers.clear();
    }

    private final class Listener implements WorkerListener {

        @Override
        public void on(WorkerEvent event) {
            for (TaskMeters meters : bound) {
                meters.on(event);
            }
        }

        @Override
        public void ran(List<Ran> runs) {
            long now = cluster.clock().millis();
            for (TaskMeters meters : bound) {
                meters.ran(runs, now);
            }
        }

        @Override
        public boolean isQuick() {
            return true;
        }

        /** Runs are counted where they are timed. */
        @Override
        public boolean hearsRuns() {
            return false;
        }
    }
}
