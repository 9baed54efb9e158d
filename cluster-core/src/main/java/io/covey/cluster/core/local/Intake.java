package io.covey.cluster.core.local;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds tasks to a queue. Guarded by it. */
final class Intake {
    private final QueueParts parts;

    Intake(QueueParts parts) {
        this.parts = parts;
    }

    /** Checks what every queue asks of tasks. */
    static void check(String queue, List<NewTask> tasks) {
        for (NewTask task : tasks) {
            Names.check("task type", task.type());
            Args.check(queue, task.type(), task.args());
            task.id().ifPresent(id -> Named.check("task's id", id, Named.LONGEST_ID));
            task.key().ifPresent(key -> Named.check("task's key", key, Named.LONGEST_ID));
            task.dedupe().ifPresent(Intake::check);
        }
    }

    private static void check(Dedupe dedupe) {
        Optional<String> key = dedupe instanceof Dedupe.Unique unique ? unique.key() : ((Dedupe.Debounce) dedupe).key();
        Duration time = dedupe instanceof Dedupe.Unique unique ? unique.longest() : ((Dedupe.Debounce) dedupe).quiet();
        key.ifPresent(name -> Named.check("key of tasks alike", name, Named.LONGEST_ID));
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("The time of " + dedupe + " must be positive, was " + time);
        }
    }

    /** Refuses what the kind of this queue has no place for. */
    void accept(List<NewTask> tasks) {
        if (parts.isOwn()) {
            return;
        }
        for (NewTask task : tasks) {
            if (!task.headers().isEmpty()) {
                throw refused(task.type(), "headers");
            }
            if (task.key().isPresent()) {
                throw refused(task.type(), "a key");
            }
        }
    }

    private RefusedException refused(String type, String what) {
        return new RefusedException("Task " + type + " has " + what + ", but queue " + parts.name
                + " is SHARED with workers of other makes and keeps none: set the kind of the queue to OWN;"
                + " nothing was added");
    }

    /** Adds what was accepted, receipts made from a prefix and a number, which begins with one. */
    Enqueued add(String prefix, List<NewTask> tasks) {
        return add(prefix, 1, tasks);
    }

    Enqueued add(String prefix, int first, List<NewTask> tasks) {
        List<String> receipts = new ArrayList<>(tasks.size());
        List<Boolean> accepted = new ArrayList<>(tasks.size());
        for (NewTask task : tasks) {
            String receipt = task.id().orElse(prefix + (first + receipts.size()));
            receipts.add(receipt);
            accepted.add(add(task, receipt));
        }
        if (!tasks.isEmpty()) {
            parts.use();
        }
        return new Enqueued(Status.OK, List.copyOf(receipts), List.copyOf(accepted));
    }

    private boolean add(NewTask added, String receipt) {
        long now = parts.now();
        if (added.id().isPresent() && parts.seen.knows(added.id().get(), now)) {
            return false;
        }
        Optional<Dedupe.Unique> unique =
                added.dedupe().filter(Dedupe.Unique.class::isInstance).map(Dedupe.Unique.class::cast);
        LocalTask task = new LocalTask(content(added, receipt, unique));
        if (unique.isPresent() && !parts.unique.take(unique.get(), task, now)) {
            return false;
        }
        added.id().ifPresent(id -> parts.seen.add(id, now));
        Instant due = added.due().orElse(Instant.MIN);
        if (added.dedupe().orElse(null) instanceof Dedupe.Debounce debounce) {
            replace(task, debounce.key().orElse(added.type()));
            due = parts.clock.instant().plus(debounce.quiet());
        }
        put(task, due);
        return true;
    }

    private Content content(NewTask task, String receipt, Optional<Dedupe.Unique> unique) {
        byte[] args = task.args().clone();
        return parts.isOwn()
                ? new Content.Readable(task.type(), args, Optional.of(receipt), task.headers(), task.key(), unique)
                : new Content.Readable(task.type(), args);
    }

    private void replace(LocalTask task, String key) {
        task.debounced = key;
        LocalTask before = parts.debounced.get(key);
        if (before != null) {
            parts.discard(before);
        }
        parts.debounced.put(key, task);
    }

    /** Adds a task that failed as a new one. */
    void addAgain(Content content) {
        if (content instanceof Content.Readable readable) {
            readable.id().ifPresent(id -> parts.notes.remove(id, TaskNotes.FAILURE));
            NewTask alike = new NewTask(
                    readable.type(),
                    readable.args(),
                    Optional.empty(),
                    Optional.empty(),
                    readable.headers(),
                    readable.key(),
                    Optional.empty());
            accept(List.of(alike));
        }
        LocalTask task = new LocalTask(content);
        if (parts.isOwn() && content instanceof Content.Readable readable) {
            readable.unique().ifPresent(unique -> parts.unique.takeAgain(unique, task, parts.now()));
        }
        put(task, Instant.MIN);
        parts.use();
    }

    private void put(LocalTask task, Instant due) {
        if (!task.publicId.isEmpty()) {
            parts.known.put(task.publicId, task);
        }
        if (due.isAfter(parts.clock.instant())) {
            parts.ready.addDelayed(task, Times.ceilMillis(due));
        } else {
            parts.ready.addNew(task, parts.now());
        }
    }
}
