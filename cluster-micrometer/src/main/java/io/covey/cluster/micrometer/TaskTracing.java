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

    /**
     * Observes nothing yet.
     *
     * @param cluster the node
     * @param registry where observations go
     */
    public TaskTracing(Cluster cluster, ObservationRegistry registry) {
        this.queues = new HeaderQueues(cluster);
        this.registry = registry;
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

    private void run(TaskContext task, WorkerMiddleware.Rest rest) throws Exception {
        if (registry.isNoop()) {
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
