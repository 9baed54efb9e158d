package io.covey.cluster.supervisor;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A place for one process at a time, and how it went with those that had it. Belongs to the control thread. */
final class Slot {
    private static final double SPREAD = 0.2;
    private static final int MOST_DOUBLINGS = 20;

    private final int number;
    private @Nullable Child current;
    private @Nullable Child next;
    private boolean waiting;
    private boolean removed;
    private long startAt;
    private int failures;
    private long firstFailure;
    private boolean complained;

    Slot(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Who works here. */
    @Nullable
    Child current() {
        return current;
    }

    void current(@Nullable Child child) {
        current = child;
        waiting = false;
    }

    /** Who will work here in a rolling restart. */
    @Nullable
    Child next() {
        return next;
    }

    void next(@Nullable Child child) {
        next = child;
    }

    void remove() {
        removed = true;
        waiting = false;
    }

    boolean isRemoved() {
        return removed;
    }

    void startAt(long nanos) {
        startAt = nanos;
        waiting = true;
    }

    void stopWaiting() {
        waiting = false;
    }

    boolean isWaiting() {
        return waiting;
    }

    boolean isDue(long now) {
        return waiting && now - startAt >= 0;
    }

    boolean isReady() {
        return current != null && current.isReady();
    }

    /** Whether somebody works here who can be relied on. */
    boolean works(long now, Duration stable) {
        return current != null && current.isReady() && (failures == 0 || current.readyFor(now) >= stable.toNanos());
    }

    void recovered() {
        failures = 0;
        complained = false;
    }

    /** Failures before a process that worked for so long are not in a row with those after it. */
    void forgiveAfter(Child child, long now, Duration stable) {
        if (child.readyFor(now) >= stable.toNanos()) {
            recovered();
        }
    }

    int fail(long now) {
        if (failures++ == 0) {
            firstFailure = now;
        }
        return failures;
    }

    Duration failingFor(long now) {
        return Duration.ofNanos(now - firstFailure);
    }

    /** Whether nobody was told yet. */
    boolean complain() {
        boolean first = !complained;
        complained = true;
        return first;
    }

    /** Doubled with each failure, and not the same for all. */
    Duration pause(Duration shortest, Duration longest) {
        double doubled = shortest.toMillis() * (double) (1L << Math.min(failures - 1, MOST_DOUBLINGS));
        double part = 1 - SPREAD * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (Math.min(doubled, longest.toMillis()) * part));
    }
}
