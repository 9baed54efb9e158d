package io.covey.cluster.dashboard;

import io.covey.cluster.Node;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at an instant. Immutable, for all pages.
 *
 * @param number grows from picture to picture
 * @param at when it was taken
 * @param up whether the backend answered
 * @param trouble why not, or what of it could not be read
 * @param queues by name
 * @param totals what belongs to no queue
 * @param workers who works
 * @param nodes who is there
 * @param rttMicros how long the backend took to say what time it is
 */
record Picture(
        long number,
        Instant at,
        boolean up,
        List<String> trouble,
        List<QueueRow> queues,
        Map<String, Long> totals,
        List<WorkerInfo> workers,
        List<Node> nodes,
        long rttMicros) {

    long sum(java.util.function.ToLongFunction<QueueRow> of) {
        return queues.stream().mapToLong(of).sum();
    }

    double done() {
        return queues.stream().mapToDouble(QueueRow::done).sum();
    }

    double failed() {
        return queues.stream().mapToDouble(QueueRow::failed).sum();
    }

    long slots() {
        return workers.stream().mapToLong(WorkerInfo::concurrency).sum();
    }

    long running() {
        return workers.stream().mapToLong(worker -> worker.running().size()).sum();
    }

    /** What every page shows, at each tick. */
    Map<String, @Nullable Object> tick() {
        QueueRow slowest = queues.stream()
                .max(java.util.Comparator.comparingLong(QueueRow::oldestMillis))
                .orElse(null);
        return Json.object(
                "number", number,
                "at", at.toEpochMilli(),
                "up", up,
                "trouble", trouble,
                "queues", queues.size(),
                "waiting", sum(row -> row.info().waiting()),
                "active", sum(row -> row.info().active()),
                "retry", sum(row -> row.info().retry()),
                "delayed", sum(row -> row.info().delayed()) + totals.getOrDefault("delayed", 0L),
                "paused", queues.stream().filter(row -> row.info().paused()).count(),
                "failed", totals.getOrDefault("failed", 0L),
                "done", done(),
                "failing", failed(),
                "workers", workers.size(),
                "slots", slots(),
                "running", running(),
                "nodes", nodes.size(),
                "oldest", slowest == null ? 0 : slowest.oldestMillis(),
                "oldestQueue",
                        slowest == null || slowest.oldestMillis() == 0
                                ? null
                                : slowest.info().queue(),
                "oldestAtLeast", slowest != null && slowest.atLeast(),
                "rtt", rttMicros);
    }
}
