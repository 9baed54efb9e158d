package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Place;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.QueueState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a queue is made of. Guarded by its queue. */
final class QueueParts {
    private static final long COUNTED = 1_000;

    final String name;
    final String epoch;
    final LocalClock clock;
    final FailedTasks failed;
    final Limits limits = new Limits();
    final KeyLines keys = new KeyLines(limits);
    final ReadyTasks ready = new ReadyTasks(keys);
    final Leases leases = new Leases();
    final SeenIds seen = new SeenIds();
    final UniqueLocks unique = new UniqueLocks();
    final CancelNotes cancels = new CancelNotes();
    final NoteBook notes = new NoteBook();
    /** Those that were claimed and have not ended, by the id of their leases. */
    final Map<String, LocalTask> claimed = new HashMap<>();
    /** Those that wait until no other like them comes. */
    final Map<String, LocalTask> debounced = new HashMap<>();
    /** Those that have not ended and whose producers know them. */
    final Map<String, LocalTask> known = new HashMap<>();

    long done;
    long failures;
    private boolean used;

    QueueParts(String name, String epoch, LocalClock clock, FailedTasks failed) {
        this.name = name;
        this.epoch = epoch;
        this.clock = clock;
        this.failed = failed;
    }

    long now() {
        return clock.monotonicMillis();
    }

    boolean isOwn() {
        return limits.settings().kind() == Kind.OWN;
    }

    List<LocalTask> promote() {
        return ready.promote(clock.millis(), now());
    }

    /** Gives a task to an owner. Its key counts it already. */
    void lease(LocalTask task, String owner, long end) {
        leases.hold(task, owner, end);
        limits.leased();
    }

    /** A leased task has no owner any more. */
    void free(LocalTask task) {
        leases.drop(task);
        limits.freed();
        keys.freed(task);
    }

    /** A task has started: no other replaces it. */
    void started(LocalTask task) {
        if (!task.debounced.isEmpty()) {
            debounced.remove(task.debounced, task);
            task.debounced = LocalTask.NONE;
        }
    }

    /** A task that is in no list and no lease has come to its end. */
    void end(LocalTask task) {
        started(task);
        task.place = Place.ENDED;
        task.fence = LocalTask.NO_FENCE;
        claimed.remove(task.id, task);
        known.remove(task.publicId, task);
        cancels.ended(task);
    }

    /** Takes a task out that waits somewhere: it will never run. */
    void discard(LocalTask task) {
        ready.remove(task);
        unique.ended(task, now());
        end(task);
    }

    QueueState state() {
        long now = now();
        long claimable = claimable();
        long waits = ready.ready() + ready.lastTries();
        long pause = claimable > 0 || waits == 0 ? 0 : limits.pauseMillis(now);
        if (pause == 0 && claimable == 0 && ready.ready() > 0) {
            pause = Math.min(Limits.UNKNOWN_MILLIS, keys.wakesInMillis(now));
        }
        return new QueueState(claimable, ready.lastTries(), epoch, Duration.ofMillis(pause), !cancels.isEmpty(now));
    }

    /** How many tasks could be claimed now, last tries not counted. */
    private long claimable() {
        long now = now();
        int room = limits.room(Integer.MAX_VALUE, now);
        return room == 0 ? 0 : Math.min(room, ready.claimable(COUNTED, now));
    }

    boolean hasWork() {
        return claimable() > 0 || ready.lastTries() > 0 && limits.room(1, now()) > 0;
    }

    long active() {
        return claimed.size() - ready.claimedBefore();
    }

    boolean hasTasks() {
        return active() + ready.waiting() + ready.retry() + ready.delayed() + ready.quiet() > 0;
    }

    void use() {
        used = true;
    }

    boolean isUsed() {
        return used;
    }

    void sweep() {
        long now = now();
        seen.sweep(now);
        keys.sweep(now);
        unique.sweep(now);
        cancels.sweep(now);
        notes.sweep(now);
    }

    int remembered() {
        return seen.size()
                + keys.size()
                + unique.size()
                + cancels.size()
                + notes.size()
                + debounced.size()
                + known.size();
    }
}
