package io.covey.cluster.tasks;

/** Hears what happens in a worker. */
@FunctionalInterface
public interface WorkerListener {

    /**
     * Something happened. Called on a thread of the worker's own, one call at a time, in order. At most 10,000 events
     * wait; what comes beyond is dropped and counted in {@link WorkerStats#droppedEvents()}.
     *
     * @param event what
     */
    void on(WorkerEvent event);
}
