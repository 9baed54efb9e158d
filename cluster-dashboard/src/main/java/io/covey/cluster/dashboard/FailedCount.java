package io.covey.cluster.dashboard;

import io.covey.cluster.tasks.TaskInspection;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How many tasks have failed, right now. Totals cost much where tasks are delayed to very many times; so the last known number
 * is looked at and moved on.
 */
final class FailedCount {
    private static final int CHUNK = 100;
    private static final int MOST_CHUNKS = 20;

    private final Optional<TaskInspection> inspection;
    private final LongSupplier lastKnown;

    FailedCount(Optional<TaskInspection> inspection, LongSupplier lastKnown) {
        this.inspection = inspection;
        this.lastKnown = lastKnown;
    }

    /** 0 where there are no tasks at all. */
    long now() {
        return inspection.map(this::now).orElse(0L);
    }

    private long now(TaskInspection tasks) {
        long count = lastKnown.getAsLong();
        if (count > 0 && tasks.failed(count - 1, 1).isEmpty()) {
            return tasks.totals().getOrDefault("failed", 0L);
        }
        for (int chunks = 0; chunks < MOST_CHUNKS; chunks++) {
            int more = tasks.failed(count, CHUNK).size();
            count += more;
            if (more < CHUNK) {
                return count;
            }
        }
        return tasks.totals().getOrDefault("failed", 0L);
    }
}
