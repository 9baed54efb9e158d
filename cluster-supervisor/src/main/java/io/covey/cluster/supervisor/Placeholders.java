package io.covey.cluster.supervisor;

/** What differs between the processes of a supervisor, as it is written in commands and URLs. */
record Placeholders(String name, int slot, int port) {
    private static final String NAME = "{name}";
    private static final String SLOT = "{slot}";
    private static final String PORT = "{port}";

    String fill(String text) {
        return text.replace(NAME, name).replace(SLOT, Integer.toString(slot)).replace(PORT, Integer.toString(port));
    }

    static boolean wantPort(String text) {
        return text.contains(PORT);
    }

    /** As it might be, for a look at the form. */
    static String any(String text) {
        return new Placeholders("name", 1, 1).fill(text);
    }
}
