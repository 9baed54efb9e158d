package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;

/**
 * The tasks of a queue that nobody holds, in the order in which they are handed out: last tries alone, then those to be
 * run again, retries that are due, new ones. Guarded by its queue.
 */
final class ReadyTasks {
    private final Queue<LocalTask> fresh = new ArrayDeque<>();
    private final TreeMap<Long, LocalTask> redo = new TreeMap<>();
    private final TreeMap<Long, LocalTask> last = new TreeMap<>();
    private final Queue<LocalTask> dueRetries = new ArrayDeque<>();
    private final PriorityQueue<Later> retries = new PriorityQueue<>();
    private final PriorityQueue<Later> delayed = new PriorityQueue<>();
    private long front;
    private long back;
    private long laterCount;
    private boolean retryGetsOddPlace = true;

    void addNew(LocalTask task) {
        task.place = Place.WAITING;
        fresh.add(task);
    }

    void addDelayed(LocalTask task, long dueMillis) {
        delayed.add(new Later(dueMillis, ++laterCount, task));
    }

    void addRetry(LocalTask task, long dueMillis) {
        task.place = Place.RETRY;
        retries.add(new Later(dueMillis, ++laterCount, task));
    }

    /** Of a dead owner: after those that wait already. */
    void addAfter(LocalTask task, Place place) {
        add(task, place, ++back);
    }

    /** Given back in order: before those that wait already. */
    void addBefore(LocalTask task, Place place) {
        add(task, place, --front);
    }

    private void add(LocalTask task, Place place, long position) {
        task.place = place;
        task.position = position;
        (place == Place.LAST ? last : redo).put(position, task);
    }

    /** Takes a task out that was settled or adopted while it waited to be run again. */
    void remove(LocalTask task) {
        (task.place == Place.LAST ? last : redo).remove(task.position);
    }

    /** Moves what became due and tells which tasks did. */
    List<LocalTask> promote(long epochMillis, long monotonicMillis) {
        while (!retries.isEmpty() && retries.peek().due <= monotonicMillis) {
            dueRetries.add(retries.poll().task);
        }
        if (delayed.isEmpty() || delayed.peek().due > epochMillis) {
            return List.of();
        }
        List<LocalTask> promoted = new ArrayList<>();
        while (!delayed.isEmpty() && delayed.peek().due <= epochMillis) {
            LocalTask task = delayed.poll().task;
            addNew(task);
            promoted.add(task);
        }
        return promoted;
    }

    List<LocalTask> take(int limit, boolean solo) {
        List<LocalTask> taken = new ArrayList<>(Math.min(limit, 16));
        if (limit > 0 && solo && !last.isEmpty()) {
            taken.add(last.pollFirstEntry().getValue());
            return taken;
        }
        while (taken.size() < limit && !redo.isEmpty()) {
            taken.add(redo.pollFirstEntry().getValue());
        }
        int room = limit - taken.size();
        move(dueRetries, taken, placesOfRetries(room));
        move(fresh, taken, limit - taken.size());
        return taken;
    }

    /** At most half while new tasks wait, so that a type that fails all the time does not starve the others. */
    private int placesOfRetries(int room) {
        if (room == 0 || dueRetries.isEmpty() || fresh.isEmpty()) {
            return room;
        }
        int half = room / 2;
        if (room % 2 == 1) {
            half += retryGetsOddPlace ? 1 : 0;
            retryGetsOddPlace = !retryGetsOddPlace;
        }
        return Math.max(half, room - fresh.size());
    }

    private static void move(Queue<LocalTask> from, List<LocalTask> to, int most) {
        for (int i = 0; i < most && !from.isEmpty(); i++) {
            to.add(from.remove());
        }
    }

    long ready() {
        return fresh.size() + redo.size() + dueRetries.size();
    }

    long lastTries() {
        return last.size();
    }

    long waiting() {
        return fresh.size() + redo.size() + last.size();
    }

    long retry() {
        return retries.size() + dueRetries.size();
    }

    long delayed() {
        return delayed.size();
    }

    /** How many were claimed before and are held by nobody now. */
    long claimedBefore() {
        return redo.size() + last.size() + retry();
    }

    private record Later(long due, long number, LocalTask task) implements Comparable<Later> {

        @Override
        public int compareTo(Later other) {
            int byDue = Long.compare(due, other.due);
            return byDue == 0 ? Long.compare(number, other.number) : byDue;
        }
    }
}
