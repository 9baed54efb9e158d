package io.covey.cluster.supervisor;

import java.time.Duration;

/** Checks of settings: the value, the limit and the name. */
final class Limits {
    /** Nobody waits for its end, and it can still be counted in nanoseconds with others added. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Limits() {}

    /** Longer ones than a hundred years are that long. */
    static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be more than 0, was " + value.toMillis() + "ms");
        }
        return value.compareTo(LONGEST) > 0 ? LONGEST : value;
    }

    static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", was " + value);
        }
        return value;
    }
}
