package io.covey.cluster;

import java.time.Duration;

/** The bounds of the times of a cache. */
final class CacheTimes {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private CacheTimes() {}

    static Duration check(String what, Duration time) {
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " is between 1 ms and 10 years, was " + time);
        }
        return time;
    }
}
