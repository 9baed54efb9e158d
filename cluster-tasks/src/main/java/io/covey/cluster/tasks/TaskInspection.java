package io.covey.cluster.tasks;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.TaskInspector.State;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks into the queues without changing them. Each call asks the backend. */
public final class TaskInspection {
    private final TaskInspector inspector;
    private final Duration timeout;

    TaskInspection(TaskInspector inspector, Duration timeout) {
        this.inspector = inspector;
        this.timeout = timeout;
    }

    /**
     * What is in each queue known to the backend.
     *
     * @return the queues by name
     * @throws TransportException if the backend does not answer
     */
    public List<QueueInfo> queues() {
        return Await.on(inspector.queues(), timeout, "count the tasks of all queues");
    }

    /**
     * What is in one queue.
     *
     * @param name the queue
     * @return its counts; empty if the backend does not know it
     * @throws TransportException if the backend does not answer
     */
    public Optional<QueueInfo> queue(String name) {
        return queues().stream().filter(info -> info.queue().equals(name)).findFirst();
    }

    /**
     * What has gone through the queues; two answers make a rate.
     *
     * @return by queue; empty if the backend does not count that
     * @throws TransportException if the backend does not answer
     */
    public List<QueueFlow> flows() {
        return Await.on(inspector.flows(), timeout, "ask what went through the queues");
    }

    /**
     * The tasks of a queue that nobody runs, in one state, a page at a time. While tasks move, some may be listed twice or not
     * at all.
     *
     * @param queue its name
     * @param state which
     * @param cursor empty to begin, else that of the page before
     * @param limit about how many
     * @return some tasks, perhaps none although there are more pages
     * @throws RefusedException if the backend cannot list them
     * @throws TransportException if the backend does not answer
     */
    public Page<StoredTask> tasks(String queue, State state, Optional<String> cursor, int limit) {
        return Await.on(
                inspector.tasks(Names.check("queue", queue), state, cursor, limit),
                timeout,
                "list the tasks of queue " + queue);
    }

    /**
     * What does not belong to one queue.
     *
     * @return {@code delayed}, {@code failed} and perhaps more, each with its count
     * @throws TransportException if the backend does not answer
     */
    public Map<String, Long> totals() {
        return Await.on(inspector.totals(), timeout, "count delayed and failed tasks");
    }

    /**
     * Failed tasks, oldest first.
     *
     * @param offset how many to skip
     * @param limit how many at most
     * @return the failures
     * @throws TransportException if the backend does not answer
     */
    public List<FailedTask> failed(long offset, int limit) {
        return Await.on(inspector.failed(offset, limit), timeout, "list failed tasks");
    }
}
