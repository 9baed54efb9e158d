package io.covey.cluster.tasks;

import io.covey.cluster.ClusterException;

/** There will be no result: the task has failed for good, was cancelled, or dropped as its type says. */
public final class TaskFailedException extends ClusterException {
    private static final long serialVersionUID = 1L;

    private final transient TaskFailure failure;

    TaskFailedException(Enqueued task, TaskFailure failure) {
        super("Task " + task.id() + " of queue " + task.queue() + " will not be done: " + failure.exception() + ": "
                + failure.message());
        this.failure = failure;
    }

    /**
     * Why.
     *
     * @return what it failed with
     */
    public TaskFailure failure() {
        return failure;
    }
}
