package io.covey.cluster.tasks;

import java.util.List;

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
     * Handlers have run. For who counts runs: costs less than events do, since it is told of as many at once as the backend is.
     * Each run is told once: when the backend has answered to its end, or at once if its end is not the worker's to tell. What the
     * backend has not answered to when the worker has closed is told then. Called on threads of the worker's, of listeners that
     * are {@linkplain #isQuick quick} alone.
     *
     * @param runs at least one, those of a queue in the order in which they ended
     */
    default void ran(List<Ran> runs) {}

    /**
     * A run of a handler.
     *
     * @param task its task
     * @param age how long ago it started, in nanoseconds
     * @param nanos how long it ran, in nanoseconds
     * @param returned whether the handler returned, or else threw
     * @param done whether the backend has accepted that the task is done
     */
    record Ran(TaskContext task, long age, long nanos, boolean returned, boolean done) {}

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
