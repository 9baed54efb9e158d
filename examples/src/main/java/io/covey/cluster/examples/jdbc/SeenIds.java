package io.covey.cluster.examples.jdbc;

import java.time.Duration;

/** The ids that callers gave to tasks within the last 24 hours. */
final class SeenIds {
    private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

    private SeenIds() {}

    /** False if the id is known. */
    static boolean add(QueueRow queue, String id) {
        long now = queue.session.now();
        queue.session.update(
                "DELETE FROM covey_seen WHERE queue = ? AND id = ? AND seen_at <= ?", queue.id, id, now - KEPT_MILLIS);
        return queue.session.insertIfAbsent("INSERT INTO covey_seen VALUES (?, ?, ?)", queue.id, id, now);
    }

    /** Forgets old ones. */
    static void sweep(QueueRow queue) {
        queue.session.update(
                "DELETE FROM covey_seen WHERE queue = ? AND seen_at <= ?", queue.id, queue.session.now() - KEPT_MILLIS);
    }
}
