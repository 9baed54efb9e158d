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
import java.util.concurrent.ThreadLocalRandom;

/**
 * Observations of a node's tasks: {@code covey.task.enqueue} around each call that adds tasks, {@code covey.task.run} around
 * each attempt. What the tracer puts into headers, such as {@code traceparent}, travels with tasks on queues of kind OWN; the
 * bytes of resque have no place for it.
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
    private final HeaderQueues queues;
    private final ObservationRegistry registry;
    private final double part;

    /**
     * Observes nothing yet.
     *
     * @param cluster the node
     * @param registry where observations go
     */
    public TaskTracing(Cluster cluster, ObservationRegistry registry) {
        this(new HeaderQueues(cluster), registry, 1);
    }

    private TaskTracing(HeaderQueues queues, ObservationRegistry registry, double part) {
        this.queues = queues;
        this.registry = registry;
        this.part = part;
    }

    /**
     * Observes only a part of the attempts, taken at random, besides those whose enqueue was sampled: for tasks so short that
     * an observation costs as much as they do. What is not observed is in no trace, whatever the tracer would have sampled.
     *
     * @param probability 0 to 1, 1 unless this is called
     * @return another object
     */
    public TaskTracing observing(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("A probability is 0 to 1, was " + probability);
        }
        return new TaskTracing(queues, registry, probability);
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
     * Observes each attempt of a worker.
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

    private boolean observed(TaskContext task) {
        return part >= 1
                || ThreadLocalRandom.current().nextDouble() < part
                || TraceParent.isSampled(task.headers().get(TraceParent.HEADER));
    }

    private void run(TaskContext task, WorkerMiddleware.Rest rest) throws Exception {
        if (registry.isNoop() || !observed(task)) {
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
