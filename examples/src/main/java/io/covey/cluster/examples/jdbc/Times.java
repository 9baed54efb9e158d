package io.covey.cluster.examples.jdbc;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Points in time in milliseconds, never early, and far ones as late as there are numbers. */
final class Times {
    private Times() {}

    static long ceilMillis(Instant instant) {
        try {
            return instant.plusNanos(999_999).toEpochMilli();
        } catch (ArithmeticException | DateTimeException e) {
            return Long.MAX_VALUE;
        }
    }

    static long after(long nowMillis, Duration delay) {
        try {
            return Math.addExact(nowMillis, delay.plusNanos(999_999).toMillis());
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
