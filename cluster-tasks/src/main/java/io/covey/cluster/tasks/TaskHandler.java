package io.covey.cluster.tasks;

/**
 * Runs tasks of one type.
 *
 * @param <P> the type of the payload
 */
@FunctionalInterface
public interface TaskHandler<P> {

    /**
     * Runs a task: on a virtual thread where the runtime has them (21 and later), else on a platform thread; as many at
     * once as the worker's concurrency. A return means done. The thread is interrupted when the task is lost to another
     * worker, when somebody wants it to be stopped ({@link TaskContext#cancelled()}), when its time is over
     * ({@link TaskType#timeout}), and when the worker stops and its drain time is over.
     *
     * @param payload with what
     * @param task which task, and whether it is still this worker's
     * @throws Exception if it failed; the type's {@link RetryPolicy} decides what happens next
     */
    void run(P payload, TaskContext task) throws Exception;
}
