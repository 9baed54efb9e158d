package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The tasks of a queue that nobody holds, in the order in which they are handed out: last tries alone, then those to be
 * run again, retries that are due, new ones. Guarded by its queue.
 */
final class ReadyTasks {
    private final KeyLines keys;
    private final FairTasks fresh;
    private final TreeMap<Long, LocalTask> redo = new TreeMap<>();
    private final TreeMap<Long, LocalTask> last = new TreeMap<>();
    private final Set<LocalTask> dueRetries = new LinkedHashSet<>();
    private final LaterTasks retries = new LaterTasks();
    private final LaterTasks delayed = new LaterTasks();
    private final LaterTasks quiet = new LaterTasks();
    private long front;
    private long back;
    private boolean retryGetsOddPlace = true;

    ReadyTasks(KeyLines keys) {
        this.keys = keys;
        this.fresh = new FairTasks(keys);
    }

    void addNew(LocalTask task, long now) {
        task.place = Place.WAITING;
        task.waitsSince = now;
        fresh.add(task, now);
    }

    void addDelayed(LocalTask task, long dueMillis) {
        task.place = Place.DELAYED;
        later(task).add(task, dueMillis);
    }

    void addRetry(LocalTask task, long dueMillis) {
        task.place = Place.RETRY;
        retries.add(task, dueMillis);
    }

    /** Of a dead owner: after those that wait already. */
    void addAfter(LocalTask task, Place place) {
        add(task, place, ++back);
    }

    /** Given back in order: before those that wait already. */
    void addBefore(LocalTask task, Place place) {
        add(task, place, --front);
    }

    private LaterTasks later(LocalTask task) {
        return task.debounced.isEmpty() ? delayed : quiet;
    }

    private void add(LocalTask task, Place place, long position) {
        task.place = place;
        task.position = position;
        (place == Place.LAST ? last : redo).put(position, task);
    }

    /** Takes a task out, wherever it waits. */
    void remove(LocalTask task) {
        switch (task.place) {
            case WAITING -> fresh.remove(task);
            case DELAYED -> later(task).remove(task);
            case RETRY -> {
                retries.remove(task);
                dueRetries.remove(task);
            }
            case REDO -> redo.remove(task.position);
            case LAST -> last.remove(task.position);
            case LEASED, ENDED -> {}
        }
    }

    /** Moves what became due and tells which tasks did. */
    List<LocalTask> promote(long epochMillis, long monotonicMillis) {
        dueRetries.addAll(retries.due(monotonicMillis));
        List<LocalTask> promoted = delayed.due(epochMillis);
        promoted.addAll(quiet.due(epochMillis));
        promoted.forEach(task -> addNew(task, monotonicMillis));
        return promoted;
    }

    /** Takes what may start, and charges it to the rates of its keys. */
    void take(int limit, boolean solo, long now, TakenTasks taken) {
        if (solo) {
            taken.from(last.values(), Math.min(1, limit));
            if (taken.size() > 0) {
                return;
            }
        }
        taken.from(redo.values(), limit);
        taken.from(dueRetries, taken.size() + placesOfRetries(limit - taken.size(), now));
        while (taken.size() < limit) {
            LocalTask next = fresh.poll(now);
            if (next == null) {
                return;
            }
            taken.add(next);
        }
    }

    /** At most half while new tasks wait, so that a type that fails all the time does not starve the others. */
    private int placesOfRetries(int room, long now) {
        long others = room == 0 || dueRetries.isEmpty() ? 0 : fresh.claimable(room, now);
        if (others == 0) {
            return room;
        }
        int half = room / 2;
        if (room % 2 == 1) {
            half += retryGetsOddPlace ? 1 : 0;
            retryGetsOddPlace = !retryGetsOddPlace;
        }
        return (int) Math.max(half, room - others);
    }

    /** How many may start now as far as the limits of keys go, counted up to a number where there are such limits. */
    long claimable(long upTo, long now) {
        return fresh.claimable(upTo, now) + mayStart(redo.values(), now) + mayStart(dueRetries, now);
    }

    private long mayStart(Collection<LocalTask> tasks, long now) {
        return keys.areLimited()
                ? tasks.stream().filter(task -> keys.mayStart(task, now)).count()
                : tasks.size();
    }

    /** Those that wait for the first time. */
    List<LocalTask> findNew(Predicate<LocalTask> wanted) {
        return fresh.find(wanted);
    }

    List<LocalTask> findDelayed(Predicate<LocalTask> wanted) {
        List<LocalTask> found = delayed.find(wanted);
        found.addAll(quiet.find(wanted));
        return found;
    }

    /** Those that were claimed before, in the order in which they are handed out. */
    List<LocalTask> findClaimedBefore() {
        List<LocalTask> found = new ArrayList<>(last.values());
        found.addAll(redo.values());
        found.addAll(dueRetries);
        found.addAll(retries.find(task -> true));
        return found;
    }

    /** Those that may run, about in the order in which they are handed out. */
    List<LocalTask> findWaiting() {
        List<LocalTask> found = new ArrayList<>(last.values());
        found.addAll(redo.values());
        found.addAll(fresh.find(task -> true));
        return found;
    }

    /** Those that wait for another try, by their time. */
    List<LocalTask> findRetries() {
        List<LocalTask> found = new ArrayList<>(dueRetries);
        found.addAll(retries.find(task -> true));
        return found;
    }

    long lastTries() {
        return last.size();
    }

    /** What could be handed out if there were no limits. */
    long ready() {
        return fresh.size() + redo.size() + dueRetries.size();
    }

    long waiting() {
        return fresh.size() + redo.size() + last.size();
    }

    long retry() {
        return retries.size() + dueRetries.size();
    }

    /** How many wait for a time that their producer gave. */
    long delayed() {
        return delayed.size();
    }

    /** How many wait until no other comes. */
    long quiet() {
        return quiet.size();
    }

    /** How many were claimed before and are held by nobody now. */
    long claimedBefore() {
        return redo.size() + last.size() + retry();
    }
}
