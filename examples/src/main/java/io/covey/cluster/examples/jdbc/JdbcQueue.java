package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The steps of the task protocol on one queue, each within the transaction that holds the queue's row. */
final class JdbcQueue {
    private static final String ADD = """
            INSERT INTO covey_task (queue, id, place, position, due, type, args, deliveries, attempts)
            VALUES (?, ?, ?, NEXT VALUE FOR covey_position, ?, ?, ?, 0, 0)""";

    private static final String HEAD = """
            SELECT COALESCE(MAX(position), 0)
              FROM (SELECT position FROM covey_task WHERE queue = ? AND place = ?
                     ORDER BY place, position FETCH FIRST ? ROWS ONLY)""";

    private static final String CLAIM = """
            UPDATE covey_task
               SET place = 'LEASED', owner = ?, fence = ?, lease = ?, ends = ?,
                   deliveries = deliveries + 1, attempts = attempts + 1
             WHERE queue = ? AND place = ? AND position <= ?""";

    private static final String HELD_BY_FENCE = """
            SELECT id, type, args, fence, deliveries, attempts
              FROM covey_task WHERE queue = ? AND fence = ? AND place = 'LEASED' ORDER BY position""";

    private static final String HELD_BY_OWNER =
            "SELECT id, fence FROM covey_task WHERE queue = ? AND owner = ? AND place = 'LEASED'";

    private static final String KEEP = """
            UPDATE covey_task SET place = 'LEASED', lease = ?, ends = ?
             WHERE queue = ? AND id = ? AND fence = ? AND owner = ?""";

    private final QueueRow queue;
    private final Session session;

    JdbcQueue(QueueRow queue) {
        this.queue = queue;
        this.session = queue.session;
    }

    Enqueued enqueue(Call call, List<NewTask> tasks) {
        Lane lane = Lane.of(queue, call);
        Status status = lane.judge(call);
        List<Boolean> accepted = List.of();
        List<String> receipts = List.of();
        if (status == Status.OK || status == Status.REPLAY) {
            receipts = receipts(call, tasks);
        }
        if (status == Status.REPLAY) {
            accepted = lane.answer().stream().map(Boolean::valueOf).toList();
        } else if (status == Status.OK) {
            accepted = add(call, tasks);
            Lane.record(queue, call, accepted, 0);
            queue.changed();
        }
        return new Enqueued(status, receipts, accepted);
    }

    private static List<String> receipts(Call call, List<NewTask> tasks) {
        List<String> receipts = new ArrayList<>();
        for (NewTask task : tasks) {
            receipts.add(task.id().orElse(id(call, receipts.size())));
        }
        return List.copyOf(receipts);
    }

    private List<Boolean> add(Call call, List<NewTask> tasks) {
        List<Boolean> accepted = new ArrayList<>();
        for (NewTask task : tasks) {
            boolean isNew = task.id().isEmpty() || SeenIds.add(queue, task.id().get());
            if (isNew) {
                Instant due = task.due().orElse(Instant.MIN);
                boolean delayed = due.isAfter(session.time());
                session.update(
                        ADD,
                        queue.id,
                        id(call, accepted.size()),
                        delayed ? "DELAYED" : "READY",
                        delayed ? Times.ceilMillis(due) : null,
                        task.type(),
                        task.args());
            }
            accepted.add(isNew);
        }
        return List.copyOf(accepted);
    }

    /** Unique, since a step of a lane is done once. */
    private static String id(Call call, int index) {
        return call.lane() + "." + call.seq() + "." + (index + 1);
    }

    TurnAnswer turn(Turn turn) {
        long end = queue.tick(turn.lease()) + turn.lease().toMillis();
        Lane lane = Lane.of(queue, turn.call());
        Status status = lane.judge(turn.call());
        List<Settled> settled = List.of();
        List<Lease> leases = List.of();
        if (status == Status.OK) {
            settled = new Settling(queue, turn.maxDeliveries()).settle(turn.settlements());
            long fence = claim(turn, end);
            Lane.record(queue, turn.call(), settled, fence);
            leases = held(fence);
        } else if (status == Status.REPLAY) {
            settled = turn.settlements().isEmpty()
                    ? List.of()
                    : lane.answer().stream().map(Settled::valueOf).toList();
            leases = held(lane.fence());
            leases.forEach(lease -> keep(turn.owner(), turn.lease(), end, lease.held()));
        }
        boolean rolledBack =
                status == Status.OK && lane.seq() > 0 && turn.call().seq() > lane.seq() + 1;
        return new TurnAnswer(status, settled, leases, state(), rolledBack);
    }

    List<Held> holdings(String owner) {
        return session.list(
                row -> new Held(queue.name, row.getString(1), row.getLong(2)), HELD_BY_OWNER, queue.id, owner);
    }

    private long claim(Turn turn, long end) {
        boolean alone = turn.solo() && count("LAST") > 0;
        String from = alone ? "LAST" : "READY";
        long head = session.number(HEAD, queue.id, from, alone ? Math.min(1, turn.limit()) : turn.limit());
        long fence = queue.nextFence();
        session.update(CLAIM, turn.owner(), fence, turn.lease().toMillis(), end, queue.id, from, head);
        return fence;
    }

    private List<Lease> held(long fence) {
        return session.list(
                row -> new Lease(
                        queue.name,
                        row.getString(1),
                        new Content.Readable(row.getString(2), row.getBytes(3)),
                        row.getLong(4),
                        row.getInt(5),
                        row.getInt(6)),
                HELD_BY_FENCE,
                queue.id,
                fence);
    }

    /** Renews what is still the owner's, takes back what nobody claimed meanwhile, and answers the rest: the lost. */
    List<Held> beat(String owner, Duration lease, List<Held> held) {
        long end = queue.tick(lease) + lease.toMillis();
        return held.stream().filter(one -> !keep(owner, lease, end, one)).toList();
    }

    private boolean keep(String owner, Duration lease, long end, Held held) {
        return session.update(KEEP, lease.toMillis(), end, queue.id, held.id(), held.fence(), owner) == 1;
    }

    List<TaskEvent> upkeep(Duration lease, int maxDeliveries) {
        return new Upkeep(queue, maxDeliveries).run(queue.tick(lease));
    }

    private QueueState state() {
        return new QueueState(count("READY"), count("LAST"), queue.epoch);
    }

    private long count(String place) {
        return session.number("SELECT COUNT(*) FROM covey_task WHERE queue = ? AND place = ?", queue.id, place);
    }
}
