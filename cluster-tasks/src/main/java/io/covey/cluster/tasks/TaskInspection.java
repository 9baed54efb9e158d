package io.covey.cluster.tasks;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
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
