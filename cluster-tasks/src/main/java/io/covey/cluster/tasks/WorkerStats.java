package io.covey.cluster.tasks;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A worker at an instant. The counts are since its start.
 *
 * @param owner names the worker where tasks are leased; unique to this incarnation
 * @param processed tasks done
 * @param failed tasks that failed for good
 * @param retried attempts that failed and led to another
 * @param released tasks given back at a stop
 * @param lost tasks lost to others because this worker was silent
 * @param refused ends of tasks that were reported too late
 * @param discarded tasks dropped, see {@link RetryPolicy#discardOn}
 * @param cancelled tasks stopped because somebody wanted it; not counted as failed
 * @param concurrency how many may run at once now
 * @param prefetched tasks fetched and not started
 * @param running tasks that run now
 * @param processedByQueue tasks done, by queue
 * @param trips round trips to the backend that claimed or settled
 * @param droppedEvents events that the listener was too slow for
 */
public record WorkerStats(
        String owner,
        long processed,
        long failed,
        long retried,
        long released,
        long lost,
        long refused,
        long discarded,
        long cancelled,
        int concurrency,
        int prefetched,
        List<Running> running,
        Map<String, Long> processedByQueue,
        long trips,
        long droppedEvents) {

    /** Copies the components. */
    public WorkerStats {
        running = List.copyOf(running);
        processedByQueue = Map.copyOf(processedByQueue);
    }

    /**
     * Of a process that takes no tasks.
     *
     * @param owner names it
     * @return zeros
     */
    public static WorkerStats none(String owner) {
        return new WorkerStats(owner, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), Map.of(), 0, 0);
    }

    /**
     * A task that runs.
     *
     * @param task which
     * @param since since when, by the backend's clock
     */
    public record Running(WorkerEvent.TaskRef task, Instant since) {}
}
