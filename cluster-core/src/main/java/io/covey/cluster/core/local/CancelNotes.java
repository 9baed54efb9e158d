package io.covey.cluster.core.local;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The ids of tasks that somebody wants to be stopped, each for a day at most. Guarded by its queue. */
final class CancelNotes {
    private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();
    private final Expiring<String, String> ids = new Expiring<>();

    void add(String id, long now) {
        ids.put(id, id, now + KEPT_MILLIS, now);
    }

    /** Forgets a task that has come to its end. */
    void ended(LocalTask task) {
        ids.remove(task.publicId);
        ids.remove(task.id);
    }

    boolean isEmpty(long now) {
        return ids.size() == 0 || ids.all(now).isEmpty();
    }

    /** By which id somebody wants a task to be stopped. */
    Optional<String> of(LocalTask task, long now) {
        return Stream.of(task.publicId, task.id)
                .filter(id -> !id.isEmpty() && ids.get(id, now) != null)
                .findFirst();
    }

    void sweep(long now) {
        ids.sweep(now);
    }

    int size() {
        return ids.size();
    }
}
