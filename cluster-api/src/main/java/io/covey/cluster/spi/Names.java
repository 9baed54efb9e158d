package io.covey.cluster.spi;

/** What caches, queues, counters and nodes may be called: characters that no backend and no pattern gives a meaning to. */
public final class Names {
    private static final int LONGEST = 128;
    private static final int SHOWN = 64;

    private Names() {}

    /**
     * Whether a name would pass {@link #check}.
     *
     * @param name the name
     * @return whether it matches {@code [A-Za-z0-9_.:-]{1,128}}
     */
    public static boolean matches(String name) {
        boolean good = !name.isEmpty() && name.length() <= LONGEST;
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = c >= 'a' && c <= 'z' || c >= '-' && c <= ':' && c != '/' || c >= 'A' && c <= 'Z' || c == '_';
        }
        return good;
    }

    /**
     * Checks a name.
     *
     * @param what what it names, for the message
     * @param name the name
     * @return the name
     * @throws IllegalArgumentException if it does not match {@code [A-Za-z0-9_.:-]{1,128}}
     */
    public static String check(String what, String name) {
        if (!matches(name)) {
            throw new IllegalArgumentException(
                    "A " + what + " must match [A-Za-z0-9_.:-]{1," + LONGEST + "}, was \"" + printable(name) + "\"");
        }
        return name;
    }

    /**
     * A text as it may be printed in one line of a log: cut to 64 characters, everything but printable ASCII replaced.
     *
     * @param text from anywhere
     * @return fit to be printed
     */
    public static String printable(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7E…]", "?");
    }
}
