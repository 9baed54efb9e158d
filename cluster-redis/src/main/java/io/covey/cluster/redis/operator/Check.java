package io.covey.cluster.redis.operator;

/** One thing to look at. */
interface Check {

    /** One word, which findings carry. */
    String name();

    void look(Landscape where, Findings findings);
}
