package io.covey.cluster.tasks;

import java.time.Duration;

/**
 * What happens to times that passed while nobody looked: no scheduler ran, or the backend was away.
 *
 * @param policy which of them are run
 * @param most how many at most
 */
public record Misfire(Policy policy, int most) {
    private static final int MOST = 100;

    /** With {@link Policy#SKIP} a task is still run if it is late by no more than this. */
    public static final Duration GRACE = Duration.ofMinutes(1);

    /** What can be done. */
    public enum Policy {
        /** They are left out; the next one runs at its time. */
        SKIP,
        /** One task is run for all of them. */
        ONCE,
        /** A task is run for each of them, up to a number. */
        ALL
    }

    /** Checks the number. */
    public Misfire {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("A misfire policy runs 1 to " + MOST + " tasks at most, was " + most);
        }
    }

    /**
     * They are left out.
     *
     * @return the policy
     */
    public static Misfire skip() {
        return new Misfire(Policy.SKIP, 1);
    }

    /**
     * One task is run for all of them: the default.
     *
     * @return the policy
     */
    public static Misfire once() {
        return new Misfire(Policy.ONCE, 1);
    }

    /**
     * A task is run for each of them.
     *
     * @param most for the latest of this number, 1 to 100
     * @return the policy
     */
    public static Misfire all(int most) {
        return new Misfire(Policy.ALL, most);
    }
}
