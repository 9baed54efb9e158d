package io.covey.cluster.supervisor;

import java.time.Duration;

/** Checks of settings: the value, the limit and the name. */
final class Limits {
    private Limits() {}

    static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be more than 0, was " + value.toMillis() + "ms");
        }
        return value;
    }

    static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", was " + value);
        }
        return value;
    }
}
