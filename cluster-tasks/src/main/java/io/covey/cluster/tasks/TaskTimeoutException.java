package io.covey.cluster.tasks;

import io.covey.cluster.ClusterException;

/**
 * A handler ran for longer than its {@link TaskType#timeout(java.time.Duration)}. Never thrown at a handler, which is
 * interrupted; {@link RetryPolicy} judges the run by it, with what the handler threw as its cause.
 */
public final class TaskTimeoutException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With what the handler threw.
     *
     * @param message which task, how long
     * @param cause what the handler threw when it was interrupted
     */
    public TaskTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
