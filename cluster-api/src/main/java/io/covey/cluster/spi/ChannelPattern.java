package io.covey.cluster.spi;

import java.util.regex.Pattern;

/**
 * A channel, or a pattern of channels. {@code /a/b} matches itself; {@code /a/*} exactly one further segment;
 * {@code /a/**} one or more. A star stands only at the end. The rules are those of Faye.
 *
 * @param text the channel or pattern, at most 200 characters
 */
public record ChannelPattern(String text) {
    private static final Pattern VALID = Pattern.compile("(/[A-Za-z0-9_.:-]+)+|(/[A-Za-z0-9_.:-]+)*/\\*\\*?");
    private static final int LONGEST = 200;

    /** Checks and copies the components. */
    public ChannelPattern {
        if (text.length() > LONGEST || !VALID.matcher(text).matches() || dots(text)) {
            throw new IllegalArgumentException("A channel is /a/b, a pattern /a/* or /a/**, of segments "
                    + "[A-Za-z0-9_.:-]+ that are not . or .., and of at most " + LONGEST + " characters, was \""
                    + Names.printable(text) + "\"");
        }
    }

    private static boolean dots(String text) {
        for (String segment : text.split("/")) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Checks that a text is a channel and no pattern.
     *
     * @param channel the text
     * @return the text
     * @throws IllegalArgumentException if it is not
     */
    public static String exact(String channel) {
        if (!new ChannelPattern(channel).isExact()) {
            throw new IllegalArgumentException("A channel without a star is needed here, was \"" + channel + "\"");
        }
        return channel;
    }

    /**
     * Whether it is a channel.
     *
     * @return false for a pattern
     */
    public boolean isExact() {
        return text.charAt(text.length() - 1) != '*';
    }

    /**
     * What all matching channels start with.
     *
     * @return the channel itself, or the pattern without its stars, ending in a slash
     */
    public String prefix() {
        return isExact() ? text : text.substring(0, text.indexOf('*'));
    }

    /**
     * Whether a channel matches, in time proportional to its length.
     *
     * @param channel a channel
     * @return true if it matches
     */
    public boolean matches(String channel) {
        if (isExact()) {
            return text.equals(channel);
        }
        String prefix = prefix();
        return channel.length() > prefix.length()
                && channel.startsWith(prefix)
                && (text.endsWith("**") || channel.indexOf('/', prefix.length()) < 0);
    }
}
