package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.TaskEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps a queue in order: what dead owners held, what is due, what is old. */
final class Upkeep {
    private static final int MOST = 500;
    private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

    private static final String OVERDUE = """
            SELECT id, owner, fence, deliveries FROM covey_task
             WHERE queue = ? AND place = 'LEASED' AND ends <= ? ORDER BY position FETCH FIRST ? ROWS ONLY""";

    private static final String DUE = """
            SELECT id, place FROM covey_task
             WHERE queue = ? AND place IN ('DELAYED', 'RETRY') AND due <= ? ORDER BY due FETCH FIRST ? ROWS ONLY""";

    private final QueueRow queue;
    private final Session session;
    private final int maxDeliveries;
    private final List<TaskEvent> events = new ArrayList<>();

    Upkeep(QueueRow queue, int maxDeliveries) {
        this.queue = queue;
        this.session = queue.session;
        this.maxDeliveries = maxDeliveries;
    }

    List<TaskEvent> run(long leaseTime) {
        session.list(
                        row -> new Overdue(row.getString(1), row.getString(2), row.getLong(3), row.getInt(4)),
                        OVERDUE,
                        queue.id,
                        leaseTime,
                        MOST)
                .forEach(this::giveBack);
        session.list(row -> new Due(row.getString(1), row.getString(2)), DUE, queue.id, session.now(), MOST)
                .forEach(this::promote);
        long old = session.now() - KEPT_MILLIS;
        session.update("DELETE FROM covey_lane WHERE queue = ? AND used_at < ?", queue.id, old);
        SeenIds.sweep(queue);
        return List.copyOf(events);
    }

    /** Owner and fence stay: as long as nobody claims the task its owner may settle it, or take it back by a beat. */
    private void giveBack(Overdue task) {
        if (task.deliveries >= maxDeliveries) {
            new Settling(queue, maxDeliveries).fail(task.id, task.fence, poison(task));
            events.add(new TaskEvent(Kind.POISONED, queue.name, task.id, task.owner));
            return;
        }
        boolean lastTry = task.deliveries + 1 >= maxDeliveries;
        place(task.id, lastTry ? "LAST" : "READY");
        events.add(new TaskEvent(lastTry ? Kind.LAST_TRY : Kind.REDO, queue.name, task.id, task.owner));
    }

    private void promote(Due task) {
        session.update(
                "UPDATE covey_task SET position = NEXT VALUE FOR covey_position WHERE queue = ? AND id = ?",
                queue.id,
                task.id);
        place(task.id, "READY");
        if (task.place.equals("DELAYED")) {
            events.add(new TaskEvent(Kind.PROMOTED, queue.name, task.id, ""));
        }
    }

    private void place(String id, String place) {
        session.update("UPDATE covey_task SET place = ? WHERE queue = ? AND id = ?", place, queue.id, id);
        queue.changed();
    }

    private Failure poison(Overdue task) {
        String message = "Task " + task.id + " was not finished by any of the " + task.deliveries
                + " owners that took it, each died or was silent for longer than its lease; it will not run again";
        Content content = session.first(
                        row -> new Content.Readable(row.getString(1), row.getBytes(2)),
                        "SELECT type, args FROM covey_task WHERE queue = ? AND id = ?",
                        queue.id,
                        task.id)
                .orElseThrow();
        return new Failure(content, "Poison", message, List.of(), task.owner, session.time());
    }

    private record Overdue(String id, String owner, long fence, int deliveries) {}

    private record Due(String id, String place) {}
}
