package io.covey.cluster.redis;

import java.time.Duration;
import java.time.Instant;

/** Durations and times as Redis takes them. */
final class Times {
    /** Far from the overflow of Redis' own clock. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Whose milliseconds are a number as well. */
    private static final long LAST_SECOND = Long.MAX_VALUE / 1000;

    private Times() {}

    /** A second as other fleets write it; one beyond all clocks is the last. */
    static Instant second(String text) {
        long second = Long.parseLong(text);
        return Instant.ofEpochSecond(Math.max(-LAST_SECOND, Math.min(LAST_SECOND, second)));
    }

    /** The millisecond, rounded up: never early. */
    static long ceilMillis(Instant instant) {
        return instant.toEpochMilli() + (instant.getNano() % 1_000_000 > 0 ? 1 : 0);
    }

    /** Whole milliseconds, rounded up, at least 1, at most a hundred years. */
    static long millis(Duration duration) {
        if (duration.compareTo(LONGEST) > 0) {
            return LONGEST.toMillis();
        }
        return Math.max(1, duration.plusNanos(999_999).toMillis());
    }
}
