package io.covey.cluster.examples.jdbc;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The row of a queue, locked until the end of the transaction: who has it is alone with the queue. */
final class QueueRow {
    private static final String LOCK = """
            SELECT id, epoch, fence, ticked_at, lease_time, changes
              FROM covey_queue WHERE namespace = ? AND name = ? FOR UPDATE""";

    final Session session;
    final long id;
    final String name;
    final String epoch;
    private long fence;
    private long tickedAt;
    private long leaseTime;
    private long changes;

    private QueueRow(
            Session session,
            String name,
            long id,
            String epoch,
            long fence,
            long tickedAt,
            long leaseTime,
            long changes) {
        this.session = session;
        this.name = name;
        this.id = id;
        this.epoch = epoch;
        this.fence = fence;
        this.tickedAt = tickedAt;
        this.leaseTime = leaseTime;
        this.changes = changes;
    }

    static QueueRow lock(Session session, String namespace, String name) {
        return find(session, namespace, name).orElseGet(() -> {
            session.insertIfAbsent(
                    "INSERT INTO covey_queue (namespace, name, epoch, fence, ticked_at, lease_time, changes)"
                            + " VALUES (?, ?, ?, 0, 0, 0, 0)",
                    namespace,
                    name,
                    UUID.randomUUID().toString());
            return find(session, namespace, name).orElseThrow();
        });
    }

    private static Optional<QueueRow> find(Session session, String namespace, String name) {
        return session.first(
                row -> new QueueRow(
                        session,
                        name,
                        row.getLong(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6)),
                LOCK,
                namespace,
                name);
    }

    /**
     * Lets lease time go on by the time since the last tick, but by no more than a gap: when everybody was silent for
     * longer, nobody could renew a lease, so that time does not count. A clock that was set back counts nothing.
     *
     * @param lease the caller's; the gap is two fifths of the shortest lease in use
     * @return the lease time now
     */
    long tick(Duration lease) {
        long shortest = session.number(
                "SELECT COALESCE(MIN(lease), ?) FROM covey_task WHERE queue = ? AND place = 'LEASED'",
                lease.toMillis(),
                id);
        long gap = Math.min(shortest, lease.toMillis()) * 2 / 5;
        long silence = session.now() - tickedAt;
        leaseTime += Math.max(0, Math.min(silence, gap));
        tickedAt = session.now();
        return leaseTime;
    }

    /** A fence greater than all before, also where the database was restored from an older copy. */
    long nextFence() {
        fence = Math.max(fence + 1, session.micros());
        return fence;
    }

    /** Something became ready: whoever watches the queue shall look. */
    void changed() {
        changes++;
    }

    void save() {
        session.update(
                "UPDATE covey_queue SET fence = ?, ticked_at = ?, lease_time = ?, changes = ? WHERE id = ?",
                fence,
                tickedAt,
                leaseTime,
                changes,
                id);
    }
}
