package io.covey.cluster.spi;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An attempt at a task that was not the last: its handler failed, or its owner died.
 *
 * @param owner who had the task
 * @param at when it was over, by the backend's clock in ms: it was settled, or after its owner's death the task was handed out again
 * @param error why, in one line of at most {@link #LONGEST_ERROR} characters; empty if its owner died
 */
public record EarlierAttempt(String owner, Instant at, String error) {
    /** How many are kept of one task. */
    public static final int MOST = 5;

    /** What is longer is cut. */
    public static final int LONGEST_ERROR = 200;

    /** Makes one line of the error. */
    public EarlierAttempt {
        error = line(error);
    }

    static String line(String error) {
        return Printable.line(error, LONGEST_ERROR);
    }

    /**
     * One more, for which the oldest goes if there are too many.
     *
     * @param before oldest first
     * @param next the newest
     * @return a new list, oldest first, of at most {@link #MOST}
     */
    public static List<EarlierAttempt> append(List<EarlierAttempt> before, EarlierAttempt next) {
        List<EarlierAttempt> all = new ArrayList<>(before);
        all.add(next);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }
}
