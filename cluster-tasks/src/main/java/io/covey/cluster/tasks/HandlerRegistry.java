package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;

/** Takes the handlers of a worker. */
public interface HandlerRegistry {

    /**
     * The node that the worker is on, for handlers that need what it shares.
     *
     * @return the node
     */
    Cluster cluster();

    /**
     * Has tasks of a type run by a handler. The type's queue does not matter here: the worker's queues do.
     *
     * @param <P> the type of the payload
     * @param type the type, with its retry policy
     * @param handler runs its tasks
     * @throws IllegalArgumentException if the type has a handler
     */
    <P> void handle(TaskType<P> type, TaskHandler<P> handler);
}
