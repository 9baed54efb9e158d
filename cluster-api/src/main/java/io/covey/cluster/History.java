package io.covey.cluster;

import java.time.Duration;

/**
 * How much of a channel is kept by the backend for those who come later or were cut off: the newest messages, up to a
 * number and an age. Both bound what it costs. Whoever publishes says it anew; the last word counts.
 *
 * @param most how many messages, 1 to 100,000
 * @param within how old a message gets, 1 s to 30 days, in whole milliseconds
 */
public record History(int most, Duration within) {
    private static final int MOST = 100_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    /** Checks the limits. */
    public History {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("A history has 1 to " + MOST + " messages, was " + most);
        }
        if (within.compareTo(SHORTEST) < 0 || within.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A history reaches back 1s to 30 days, was " + within);
        }
    }

    /**
     * The newest messages of the last hour.
     *
     * @param most how many
     * @return the history
     */
    public static History last(int most) {
        return new History(most, Duration.ofHours(1));
    }

    /**
     * The same number of messages, of another age.
     *
     * @param age how old a message gets
     * @return the history
     */
    public History within(Duration age) {
        return new History(most, age);
    }
}
