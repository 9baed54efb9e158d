package io.covey.cluster.tck.model;

/** The rules of the protocol; a model in which one is broken must break a promise, or the promises are too weak. */
enum Rule {
    /** Claiming takes a task off the queue and notes its owner in one step. */
    CLAIM_IN_ONE_STEP,
    /** A settlement needs the newest fence. */
    FENCE,
    /** An id enters once. */
    KNOWN_IDS,
    /** Reaping moves a task once. */
    REAP_ONCE,
    /** A late settlement takes the task out of whatever it waits in. */
    LATE_SETTLEMENT_REMOVES,
    /** A repeated call is answered with what it did. */
    REPEATS_ARE_ANSWERED_AGAIN,
    /** Only who is dead or silent is reaped. */
    REAP_ONLY_THE_SILENT,
    /** The resource refuses an older token. */
    RESOURCE_CHECKS_FENCE,
    /** Giving a task up ends its fence. */
    GIVING_UP_ENDS_THE_FENCE,
    /** A call older than the newest of its lane has no effect. */
    OLDER_CALLS_ARE_STALE,
    /** Empty answers are recorded too. */
    EMPTY_ANSWERS_ARE_RECORDED,
    /** A last try that is released stays one. */
    RELEASED_LAST_TRY_STAYS_ONE,
    /** Whatever becomes of a task, its newest fence decides it, also after the lease. */
    LATE_SETTLEMENT_OF_ALL_KINDS,
    /** All that a dead owner held is moved before its lease is forgotten. */
    REAP_ALL_OF_AN_OWNER,
    /** A turn settles, then claims. */
    SETTLE_BEFORE_CLAIM,
    /** Fences grow over a failover that loses writes. */
    FENCES_OUTLIVE_A_FAILOVER,
    /** What its owner takes back must have a place in the limit. */
    TAKING_BACK_NEEDS_A_PLACE
}
