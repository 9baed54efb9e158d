package io.covey.cluster.tasks;

/**
 * Something done around every run of a worker's handlers: a trace, a log context, a transaction.
 *
 * <pre>{@code
 * builder.around((task, rest) -> {
 *     MDC.put("task", task.id());
 *     try {
 *         rest.run();
 *     } finally {
 *         MDC.remove("task");
 *     }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface WorkerMiddleware {

    /**
     * Runs a task, on the handler's thread and within its time. Called for every run whose type has a handler and whose
     * payload can be read. One that returns without having called {@code rest} has done the task.
     *
     * @param task the task, as its handler sees it
     * @param rest the next middleware, in the end the handler; to be called at most once
     * @throws Exception as if the handler had thrown it
     */
    void run(TaskContext task, Rest rest) throws Exception;

    /** What is inside of a middleware. */
    @FunctionalInterface
    interface Rest {

        /**
         * Runs the rest.
         *
         * @throws Exception what it throws
         */
        void run() throws Exception;
    }
}
