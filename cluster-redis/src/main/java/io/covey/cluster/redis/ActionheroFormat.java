package io.covey.cluster.redis;

/** How a live actionhero writes the entries of its cache. Both forms are read in any case; what is written is chosen. */
public enum ActionheroFormat {
    /**
     * actionhero 29: {@code {"value":…,"createdAt":…}}, which expires by Redis' clock. Reading changes nothing, unless a
     * new time to live is given.
     */
    V29,

    /**
     * actionhero 9: {@code {"value":…,"expireTimestamp":…,"createdAt":…,"readAt":…}}, which expires by the reader's clock,
     * too. Reading writes the time into the entry.
     */
    V9
}
