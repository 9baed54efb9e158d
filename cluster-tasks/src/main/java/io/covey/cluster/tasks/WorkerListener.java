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
     * Whether it wants to hear of every run: {@link WorkerEvent.Started} and {@link WorkerEvent.Done}. They are not even made
     * if no listener does.
     *
     * @return the same at any time
     */
    default boolean hearsRuns() {
        return true;
    }

    /**
     * A handler has run. For who counts runs: costs less than events do. Called on the handler's thread, of listeners that are
     * {@linkplain #isQuick quick} alone.
     *
     * @param task which task
     * @param nanos how long it ran, in nanoseconds
     * @param returned whether it returned, or else threw
     */
    default void ran(TaskContext task, long nanos, boolean returned) {}

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
