package io.covey.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the history of a channel: after a message. Offsets grow from message to message, not by one. They can be
 * compared only within an epoch; a history that was lost begins another.
 *
 * @param epoch of the history, {@code [A-Za-z0-9]{1,64}}
 * @param offset of the message, 0 before all
 */
public record Position(String epoch, long offset) {
    private static final Pattern EPOCH = Pattern.compile("[A-Za-z0-9]{1,64}");
    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9]{1,64})-([0-9]{1,18})");

    /** Checks the limits. */
    public Position {
        if (!EPOCH.matcher(epoch).matches() || offset < 0) {
            throw new IllegalArgumentException(
                    "A position is an epoch of 1 to 64 letters and digits and an offset from 0");
        }
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @param text for example {@code 9f2c41d0-1732279000123456}
     * @return the position
     * @throws IllegalArgumentException if it is none
     */
    public static Position parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A position is written epoch-offset, and this text is not");
        }
        return new Position(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    /** Epoch and offset, fit for a URL or a cookie. */
    @Override
    public String toString() {
        return epoch + "-" + offset;
    }
}
