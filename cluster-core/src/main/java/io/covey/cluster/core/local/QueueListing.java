package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Later;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.State;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks at the tasks of a queue. Guarded by it. */
final class QueueListing {
    private final QueueParts parts;

    QueueListing(QueueParts parts) {
        this.parts = parts;
    }

    /** A cursor is the number of tasks before the page. */
    Page<StoredTask> page(State state, Optional<String> cursor, int limit) {
        parts.promote();
        List<LocalTask> all = switch (state) {
            case WAITING -> parts.ready.findWaiting();
            case RETRY -> parts.ready.findRetries();
            case DELAYED -> parts.ready.findDelayed(task -> true);
        };
        int from = Math.min(all.size(), cursor.map(Integer::parseInt).orElse(0));
        int to = Math.min(all.size(), from + limit);
        return new Page<>(
                all.subList(from, to).stream()
                        .map(task -> new StoredTask(task.name(), task.content, due(state, task)))
                        .toList(),
                to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
    }

    /** Retries have their time by the monotonic clock; of those that are due only that is known. */
    private Optional<Instant> due(State state, LocalTask task) {
        Later later = task.later;
        return switch (state) {
            case WAITING -> Optional.empty();
            case RETRY ->
                Optional.of(
                        later == null
                                ? parts.clock.instant()
                                : parts.clock.instant().plusMillis(later.due() - parts.now()));
            case DELAYED -> Optional.ofNullable(later).map(Later::due).map(Instant::ofEpochMilli);
        };
    }

    QueueFlow flow() {
        Optional<Instant> oldest = parts.ready.findWaiting().stream()
                .map(task -> task.waitsSince)
                .min(Long::compare)
                .map(since -> parts.clock.instant().minusMillis(parts.now() - since));
        return new QueueFlow(parts.name, parts.done, parts.failures, oldest);
    }
}
