package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What can be told of a queue from looking at it again and again: how fast it moves, and for how long its oldest task has
 * waited. A task in a queue says nothing of when it came; but a queue is first in, first out: once as many have left as
 * waited at some time, the oldest came after that. For one thread.
 */
final class Flow {
    private static final int POINTS = 40;
    private static final int MOST_MARKS = 32;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    /** A look. */
    private record Look(long at, long done, long failed, long waiting) {}

    /** Who waited at a time has left when this many have. */
    private record Mark(long at, long gone) {}

    private final Deque<Look> looks = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();
    private boolean sinceBefore = true;

    /**
     * @param left how many have left the queue's line since it exists: those that have ended or are being run
     */
    void look(long now, long waiting, long left, long done, long failed) {
        looks.addLast(new Look(now, done, failed, waiting));
        while (looks.size() > POINTS) {
            looks.removeFirst();
        }
        if (waiting == 0) {
            marks.clear();
            sinceBefore = false;
            return;
        }
        while (!marks.isEmpty() && left >= marks.getFirst().gone) {
            marks.removeFirst();
            sinceBefore = false;
        }
        if (marks.isEmpty() || now - marks.getLast().at >= (now - marks.getFirst().at) / MOST_MARKS) {
            marks.addLast(new Mark(now, left + waiting));
        }
        if (marks.size() > MOST_MARKS) {
            thin();
        }
    }

    /** Every other goes, but not the oldest. */
    private void thin() {
        boolean stays = true;
        for (Iterator<Mark> each = marks.iterator(); each.hasNext(); stays = !stays) {
            each.next();
            if (!stays) {
                each.remove();
            }
        }
    }

    /** For how long the oldest has waited, in ms; 0 if none waits. */
    long oldestMillis(long now) {
        return marks.isEmpty() ? 0 : (now - marks.getFirst().at) / 1_000_000;
    }

    /** Whether it may have waited much longer: it was there when we first looked. */
    boolean isOldestAtLeast() {
        return sinceBefore && !marks.isEmpty();
    }

    double donePerSecond() {
        return rate(Look::done);
    }

    double failedPerSecond() {
        return rate(Look::failed);
    }

    private double rate(java.util.function.ToLongFunction<Look> count) {
        if (looks.size() < 2) {
            return 0;
        }
        Look newest = looks.getLast();
        Look from = newest;
        for (Iterator<Look> back = looks.descendingIterator(); back.hasNext(); ) {
            Look one = back.next();
            if (newest.at - one.at > WINDOW.toNanos()) {
                break;
            }
            from = one;
        }
        long nanos = newest.at - from.at;
        long ended = count.applyAsLong(newest) - count.applyAsLong(from);
        return nanos <= 0 || ended <= 0 ? 0 : ended * 1e9 / nanos;
    }

    /** How many waited, look by look. */
    List<Long> waiting() {
        List<Long> points = new ArrayList<>(looks.size());
        looks.forEach(look -> points.add(look.waiting));
        return points;
    }
}
