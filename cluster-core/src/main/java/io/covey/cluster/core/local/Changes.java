package io.covey.cluster.core.local;

import io.covey.cluster.RefusedException;
import io.covey.cluster.core.local.LocalTask.Later;
import io.covey.cluster.core.local.LocalTask.Place;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Content;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Changes the settings of a queue, and tasks that nobody runs. Guarded by it. */
final class Changes {
    private static final byte[] CANCELLED = "Cancelled\nRemoved while it waited".getBytes(StandardCharsets.UTF_8);

    private final QueueParts parts;

    Changes(QueueParts parts) {
        this.parts = parts;
    }

    QueueSettings set(UnaryOperator<QueueSettings> change) {
        QueueSettings before = parts.limits.settings();
        QueueSettings after = change.apply(before);
        if (after.kind() != before.kind() && parts.hasTasks()) {
            throw new RefusedException("Queue " + parts.name + " has tasks: its kind stays " + before.kind()
                    + " until they are done, and none of its settings was changed");
        }
        parts.limits.set(after, parts.now());
        parts.keys.reconsider(parts.now());
        return after;
    }

    Cancelled cancel(String id) {
        LocalTask task = parts.known.get(id);
        if (task == null) {
            task = parts.claimed.get(id);
        }
        if (task != null && task.place != Place.LEASED) {
            parts.notes.failed(task, CANCELLED, parts.now());
            parts.discard(task);
            return Cancelled.REMOVED;
        }
        parts.cancels.add(task == null ? id : task.name(), parts.now());
        return task == null ? Cancelled.UNKNOWN : Cancelled.TOLD;
    }

    long remove(String type, byte[] args) {
        return discard(parts.ready.findNew(alike(type, args)));
    }

    long removeType(String type) {
        return discard(parts.ready.findNew(task -> task.isOf(type)));
    }

    long removeDelayed(String type, byte[] args) {
        return discard(parts.ready.findDelayed(alike(type, args)));
    }

    List<Instant> delayedAt(String type, byte[] args) {
        return parts.ready.findDelayed(alike(type, args)).stream()
                .flatMap(task -> Stream.ofNullable(task.later))
                .map(Later::due)
                .sorted()
                .map(Instant::ofEpochMilli)
                .toList();
    }

    private static Predicate<LocalTask> alike(String type, byte[] args) {
        return task -> task.content instanceof Content.Readable readable
                && readable.type().equals(type)
                && Args.alike(readable.args(), args);
    }

    private long discard(List<LocalTask> tasks) {
        tasks.forEach(parts::discard);
        return tasks.size();
    }

    long giveBack() {
        List<LocalTask> back = parts.ready.findClaimedBefore();
        for (LocalTask task : back) {
            parts.ready.remove(task);
            parts.claimed.remove(task.id);
            task.id = LocalTask.NONE;
            task.owner = LocalTask.NONE;
            task.fence = LocalTask.NO_FENCE;
            task.deliveries = 0;
            task.attempts = 0;
            task.earlier = List.of();
            parts.ready.addNew(task, parts.now());
        }
        return back.size() + (parts.isOwn() ? 0 : giveBackQuiet());
    }

    /** Those whose time has come are among the waiting already, but another could still replace them. */
    private long giveBackQuiet() {
        List<LocalTask> quiet = List.copyOf(parts.debounced.values());
        for (LocalTask task : quiet) {
            if (task.place == Place.DELAYED) {
                Later later = Objects.requireNonNull(task.later);
                parts.ready.remove(task);
                parts.started(task);
                parts.ready.addDelayed(task, later.due());
            } else {
                parts.started(task);
            }
        }
        return quiet.size();
    }
}
