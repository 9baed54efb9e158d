package io.covey.cluster.tasks;

import java.util.List;

/**
 * Something done around every enqueue of a {@link TaskQueue}: a trace header, a check, a count.
 *
 * <pre>{@code
 * TaskQueue tasks = TaskQueue.on(cluster).around((added, rest) -> rest.enqueue(added.stream()
 *         .<NewTask<?>>map(task -> task.withOptions(task.options().withHeader("traceparent", current())))
 *         .toList()));
 * }</pre>
 */
@FunctionalInterface
public interface EnqueueMiddleware {

    /**
     * Adds tasks, on the thread of the caller, before their payloads are written. May change them and their options, and
     * throw instead of adding them.
     *
     * @param tasks what is to be added in one call
     * @param rest the next middleware, in the end the queues
     * @return one receipt for each of {@code tasks}, in their order
     */
    List<Enqueued> enqueue(List<NewTask<?>> tasks, Rest rest);

    /** What is inside of a middleware. */
    @FunctionalInterface
    interface Rest {

        /**
         * Adds tasks.
         *
         * @param tasks as they are now
         * @return one receipt for each, in their order
         */
        List<Enqueued> enqueue(List<NewTask<?>> tasks);
    }
}
