package io.covey.cluster.tck.model;

/** What holds in every state. */
enum Promise {
    /** Each task is in exactly one place. */
    ONE_PLACE,
    /** A fence has one holder, and one holder is right. */
    ONE_HOLDER,
    /** One end of a task is accepted, and one settlement of a claim. */
    ONE_END,
    /** Runs are caused by enqueues, deaths and giving up. */
    RUNS_ARE_CAUSED,
    /** No task is delivered more often than allowed. */
    MOST_DELIVERIES,
    /** A settlement with an old fence is not accepted. */
    OLD_FENCES_ARE_REFUSED,
    /** Tasks run again only for crashes and pauses. */
    NO_NEEDLESS_RUN,
    /** No effect with an older token after one with a newer. */
    EFFECTS_IN_ORDER,
    /** What is noted of a task is noted where it lies. */
    NO_ORPHAN,
    /** What a living owner has, it knows of or will. */
    OWNERS_KNOW,
    /** A last try runs alone. */
    LAST_TRY_ALONE,
    /** A settlement with the newest fence is accepted. */
    NEWEST_FENCE_DECIDES,
    /** A turn leaves nothing that it could have claimed. */
    NOTHING_LEFT,
    /** Never more are leased than allowed. */
    LIMIT
}
