package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.TaskContext;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/** An attempt to run a task, as it is observed. */
public final class TaskRunContext extends ReceiverContext<TaskContext> {
    private final TaskContext task;

    TaskRunContext(TaskContext task) {
        super((carrier, name) -> carrier.headers().get(name), Kind.CONSUMER);
        this.task = task;
        setCarrier(task);
    }

    /**
     * The task.
     *
     * @return as its handler sees it
     */
    public TaskContext task() {
        return task;
    }
}
