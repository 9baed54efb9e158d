package io.covey.cluster.spi;

/**
 * A channel, or a pattern of channels. {@code /a/b} matches itself; {@code /a/*} exactly one further segment;
 * {@code /a/**} one or more. A star stands only at the end. The rules are those of Faye.
 *
 * @param text the channel or pattern, at most 200 characters
 */
public record ChannelPattern(String text) {
    private static final int LONGEST = 200;

    /** Checks and copies the components. */
    public ChannelPattern {
        if (text.length() > LONGEST || !isValid(text)) {
            throw new IllegalArgumentException("A channel is /a/b, a pattern /a/* or /a/**, of segments "
                    + "[A-Za-z0-9_.:-]+ that are not . or .., and of at most " + LONGEST + " characters, was \""
                    + Names.printable(text) + "\"");
        }
    }

    /** By hand: a message is checked each time it is published, and a regular expression costs as much as the rest. */
    private static boolean isValid(String text) {
        if (text.isEmpty() || text.charAt(0) != '/') {
            return false;
        }
        int begin = 1;
        for (int end = text.indexOf('/', begin); end >= 0; end = text.indexOf('/', begin)) {
            if (!isSegment(text, begin, end)) {
                return false;
            }
            begin = end + 1;
        }
        return isSegment(text, begin, text.length()) || isStars(text, begin);
    }

    private static boolean isSegment(String text, int begin, int end) {
        boolean dots = end - begin <= 2;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (!isAllowed(c)) {
                return false;
            }
            dots &= c == '.';
        }
        return begin < end && !dots;
    }

    private static boolean isAllowed(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '.'
                || c == ':'
                || c == '-';
    }

    private static boolean isStars(String text, int begin) {
        int stars = text.length() - begin;
        return (stars == 1 || stars == 2) && text.indexOf('*', begin) == begin && text.charAt(text.length() - 1) == '*';
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
