package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Place;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What becomes of claimed tasks: as their owners say, or because they died. Guarded by its queue. */
final class Endings {
    private static final int MOST_REAPED = 500;
    private final QueueParts parts;

    Endings(QueueParts parts) {
        this.parts = parts;
    }

    List<Settled> settle(Turn turn) {
        List<Settled> settled = new ArrayList<>(turn.settlements().size());
        List<LocalTask> released = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (Settlement settlement : turn.settlements()) {
            LocalTask task = parts.claimed.get(settlement.id());
            if (task == null || !done.add(settlement.id())) {
                settled.add(Settled.UNKNOWN);
            } else if (task.fence != settlement.fence()) {
                settled.add(Settled.FENCED);
            } else {
                settled.add(Settled.DONE);
                settle(task, settlement, released);
            }
        }
        for (int i = released.size() - 1; i >= 0; i--) {
            LocalTask task = released.get(i);
            boolean lastTry = task.deliveries >= turn.maxDeliveries();
            task.deliveries--;
            task.attempts--;
            parts.ready.addBefore(task, lastTry ? Place.LAST : Place.REDO);
        }
        return List.copyOf(settled);
    }

    /** The fence was the newest, so the settlement counts wherever the task lies. */
    private void settle(LocalTask task, Settlement settlement, List<LocalTask> released) {
        if (task.place == Place.LEASED) {
            parts.free(task);
        } else {
            parts.ready.remove(task);
        }
        String owner = task.owner;
        task.fence = LocalTask.NO_FENCE;
        task.owner = LocalTask.NONE;
        Outcome outcome = settlement.outcome();
        if (outcome instanceof Outcome.Retry retry) {
            task.attempted(owner, parts.clock.instant(), retry.error());
            task.deliveries = 0;
            parts.ready.addRetry(task, Times.after(parts.now(), retry.delay()));
            parts.promote();
        } else if (outcome instanceof Outcome.Release) {
            released.add(task);
        } else {
            end(task, outcome);
            settlement.release().ifPresent(release -> parts.unique.release(release, parts.now()));
            parts.end(task);
        }
    }

    private void end(LocalTask task, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            parts.done++;
            done.result()
                    .ifPresent(result ->
                            parts.notes.put(result.id(), result.note(), result.bytes(), result.keep(), parts.now()));
        } else if (outcome instanceof Outcome.Fail fail) {
            fail(task, fail.failure());
        }
    }

    private void fail(LocalTask task, Failure why) {
        parts.failures++;
        parts.failed.add(parts.name, why);
        parts.notes.failed(task, why.note(), parts.now());
    }

    /** What owners held whose leases ran out. */
    List<TaskEvent> reap(long virtualNow, int maxDeliveries) {
        List<TaskEvent> events = new ArrayList<>();
        for (LocalTask task : parts.leases.overdue(virtualNow, MOST_REAPED)) {
            parts.free(task);
            events.add(new TaskEvent(reap(task, maxDeliveries), parts.name, task.id, task.owner));
        }
        return events;
    }

    private TaskEvent.Kind reap(LocalTask task, int maxDeliveries) {
        if (task.deliveries >= maxDeliveries) {
            fail(task, poisoned(task));
            parts.unique.ended(task, parts.now());
            parts.end(task);
            return TaskEvent.Kind.POISONED;
        }
        boolean lastTry = task.deliveries + 1 >= maxDeliveries;
        parts.ready.addAfter(task, lastTry ? Place.LAST : Place.REDO);
        return lastTry ? TaskEvent.Kind.LAST_TRY : TaskEvent.Kind.REDO;
    }

    private Failure poisoned(LocalTask task) {
        String message = "Task " + task.name() + " was not finished by any of the " + task.deliveries
                + " owners that took it, each died or was silent for longer than its lease; it will not run again";
        return new Failure(
                task.content,
                "PoisonedTask",
                message,
                List.of(),
                task.owner,
                parts.clock.instant(),
                task.name(),
                task.attempts,
                task.earlier);
    }
}
