package io.covey.cluster.spi;

/** What a backend can tell of who received a message. */
public enum Delivery {
    /** Nobody, for certain. */
    NONE,
    /** At least one subscriber. */
    SOME,
    /** It cannot tell. */
    UNKNOWN
}
