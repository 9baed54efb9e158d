package io.covey.cluster.micrometer;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.EnqueueMiddleware;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerMiddleware;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;

/**
 * Observations of a node's tasks: {@code covey.task.enqueue} around each call that adds tasks, {@code covey.task.run} around
 * attempts. What the tracer puts into headers, such as {@code traceparent}, travels with tasks on queues of kind OWN; the
 * bytes of resque have no place for it.
 *
 * <p>Of a node that runs more than {@value #MOST_A_SECOND} tasks a second not every attempt is observed, so that observing costs
 * little next to tasks however short they are; see {@link #observingAtMost}.
 *
 * <p>With {@link TaskRunTracingHandler} each attempt is a trace of its own that is linked to its enqueue, so that a task that
 * waits for days or runs ten times makes no endless trace. Without it an attempt is a child of its enqueue.
 *
 * <pre>{@code
 * TaskTracing tracing = new TaskTracing(cluster, observations);
 * TaskQueue tasks = tracing.around(TaskQueue.on(cluster));
 * Worker worker = tracing.around(Worker.on(cluster)...).start();
 * }</pre>
 */
public final class TaskTracing {
    /** How many attempts a second are observed at most, unless it is set. */
    public static final int MOST_A_SECOND = 500;

    private final HeaderQueues queues;
    private final ObservationRegistry registry;
    private final Observed observed;

    /**
     * Observes nothing yet.
     *
     * @param cluster the node
     * @param registry where observations go
     */
    public TaskTracing(Cluster cluster, ObservationRegistry registry) {
        this(new HeaderQueues(cluster), registry, Observed.atMost(MOST_A_SECOND));
    }

    private TaskTracing(HeaderQueues queues, ObservationRegistry registry, Observed observed) {
        this.queues = queues;
        this.registry = registry;
        this.observed = observed;
    }

    /**
     * Observes at most so many attempts a second, and at most as many at once, however many tasks run; besides them up to as
     * many again of those whose enqueue was sampled. Of an attempt that is not observed there is no span, whatever the tracer
     * would have sampled, and what its handler observes has no parent. Errors are no exception.
     *
     * @param attempts at least 1, {@value #MOST_A_SECOND} unless this or {@link #observing} is called
     * @return another object
     */
    public TaskTracing observingAtMost(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("At least 1 attempt a second can be observed, was " + attempts);
        }
        return new TaskTracing(queues, registry, Observed.atMost(attempts));
    }

    /**
     * Observes a part of the attempts, taken at random, besides those whose enqueue was sampled, however many that is a
     * second: all of them with 1. An observation costs some microseconds.
     *
     * @param probability 0 to 1
     * @return another object
     */
    public TaskTracing observing(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("A probability is 0 to 1, was " + probability);
        }
        return new TaskTracing(queues, registry, Observed.part(probability));
    }

    /**
     * Observes what is added through the result.
     *
     * @param tasks adds tasks
     * @return another object on the same queues
     */
    public TaskQueue around(TaskQueue tasks) {
        return tasks.around(this::enqueue);
    }

    /**
     * Observes attempts of a worker.
     *
     * @param worker the settings of one that has not started
     * @return the same
     */
    public Worker.Builder around(Worker.Builder worker) {
        return worker.around(this::run);
    }

    private List<Enqueued> enqueue(List<NewTask<?>> tasks, EnqueueMiddleware.Rest rest) {
        if (registry.isNoop() || tasks.isEmpty()) {
            return rest.enqueue(tasks);
        }
        TaskEnqueueContext context = new TaskEnqueueContext(tasks);
        Observation observation = TaskConventions.enqueue(context, registry);
        return observation.observe(() -> {
            Map<String, String> headers = context.headers();
            return headers.isEmpty() ? rest.enqueue(tasks) : queues.enqueue(tasks, task -> with(task, headers), rest);
        });
    }

    private static NewTask<?> with(NewTask<?> task, Map<String, String> headers) {
        NewTask<?> changed = task;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            changed = HeaderQueues.with(changed, header.getKey(), header.getValue());
        }
        return changed;
    }

    private void run(TaskContext task, WorkerMiddleware.Rest rest) throws Exception {
        if (!observed.has(task.headers(), task.startedNanos()) || registry.isNoop()) {
            rest.run();
            return;
        }
        Observation observation = TaskConventions.run(new TaskRunContext(task), registry);
        observation.start();
        // Opened by hand, since what the handler throws is not of one type.
        Observation.Scope scope = observation.openScope();
        try {
            rest.run();
        } catch (Throwable thrown) {
            observation.error(thrown);
            throw thrown;
        } finally {
            scope.close();
            observation.stop();
        }
    }
}
