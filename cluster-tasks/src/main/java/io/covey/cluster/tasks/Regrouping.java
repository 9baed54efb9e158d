package io.covey.cluster.tasks;

import java.util.concurrent.TimeUnit;

/**
 * Whether those who were just answered are waited for. Callers who come straight back would otherwise travel in two groups
 * that take turns, each of them half as large: a lane that waits a moment, no longer than the answer took, has all of them
 * in one round trip. Where they do not come back the lane stops waiting, and tries again ever more seldom. Changed under the
 * lane's lock.
 */
final class Regrouping {
    private static final long SHORTEST = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MOST_MISSES = 10;

    private int misses;
    private int pause;
    private long until;
    private volatile int expected;

    /**
     * An answer has come.
     *
     * @param answered how many callers it is for
     * @param gathered how many have come meanwhile
     * @param nanos how long it took
     * @return whether the next batch waits for both; false if it leaves now
     */
    boolean begin(int answered, int gathered, long nanos) {
        if (answered + gathered < 2 || nanos < SHORTEST) {
            return false; // a backend this near has answered the one group before the other is back
        }
        if (pause > 0) {
            pause--;
            return false;
        }
        until = System.nanoTime() + Math.min(nanos, LONGEST);
        expected = answered + gathered;
        return true;
    }

    /** Whether the next batch still waits. */
    boolean goesOn(int gathered) {
        return gathered < expected && left() > 0;
    }

    /** How long the next batch waits at the most, in nanoseconds; 0 if it does not. */
    long nanosLeft() {
        return expected == 0 ? 0 : Math.max(0, left());
    }

    private long left() {
        return until - System.nanoTime();
    }

    /** The next batch leaves. */
    void end(int gathered) {
        if (expected > 0) {
            misses = gathered >= expected ? 0 : Math.min(misses + 1, MOST_MISSES);
            pause = misses == 0 ? 0 : 1 << misses;
            expected = 0;
        }
    }
}
