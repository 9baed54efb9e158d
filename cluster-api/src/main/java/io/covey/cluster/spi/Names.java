package io.covey.cluster.spi;

import java.util.regex.Pattern;

/** What caches, queues, counters and nodes may be called: characters that no backend and no pattern gives a meaning to. */
public final class Names {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
    private static final int SHOWN = 64;

    private Names() {}

    /**
     * Whether a name would pass {@link #check}.
     *
     * @param name the name
     * @return whether it matches {@code [A-Za-z0-9_.:-]{1,128}}
     */
    public static boolean matches(String name) {
        return NAME.matcher(name).matches();
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
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A " + what + " must match " + NAME.pattern() + ", was \"" + printable(name) + "\"");
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
