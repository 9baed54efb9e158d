package io.covey.cluster.core.local;

import io.covey.cluster.spi.Names;

/** Checks of what users call things where no backend gives characters a meaning. */
final class Named {
    static final int LONGEST_ID = 512;

    private Named() {}

    static void check(String what, String name, int longest) {
        if (name.isEmpty() || name.length() > longest) {
            throw new IllegalArgumentException("A " + what + " must have 1 to " + longest + " characters, had "
                    + name.length() + ": \"" + Names.printable(name) + "\"");
        }
    }
}
