package io.covey.cluster.tck.model;

/** What a call wants with a task. */
enum Verb {
    NOTHING,
    DONE,
    FAIL,
    RETRY,
    RELEASE;

    private static final Verb[] ALL = values();

    static Verb of(int number) {
        return ALL[number];
    }

    boolean givesUp() {
        return this == RETRY || this == RELEASE;
    }
}
