package io.covey.cluster.tasks;

/** Hears what happens in a worker. */
@FunctionalInterface
public interface WorkerListener {

    /**
     * Something happened. Called on a thread of the worker's own, one call at a time, in order, unless it is
     * {@linkplain #isQuick quick}. At most 10,000 events wait; what comes beyond is dropped and counted in
     * {@link WorkerStats#droppedEvents()}.
     *
     * @param event what
     */
    void on(WorkerEvent event);

    /**
     * Whether it may be called at once and where the event happens, by many threads at a time. It must not block then:
     * the worker waits for it.
     *
     * @return the same at any time
     */
    default boolean isQuick() {
        return false;
    }
}
