package io.covey.cluster.tck.model;

/** What a state knows, each a small number. */
final class Field {
    /** Of each task, kept by the server and lost with its writes. */
    enum Stored {
        KNOWN_ID,
        QUEUE,
        REDO,
        LAST,
        RETRY,
        META,
        FENCE,
        DELIVERIES,
        OWNER,
        CLAIM,
        DONE,
        DEAD
    }

    /** Of each task, what really happened. */
    enum Seen {
        ENQUEUED,
        ENDED,
        RUNS,
        TOKEN,
        SETTLED_CLAIM
    }

    /** Of each owner, kept by the server. */
    enum Lane {
        LEASE,
        RECORDED,
        CLAIMED,
        FENCE
    }

    /** Of each worker. */
    enum Process {
        STATUS,
        OWNER,
        OUTSTANDING,
        LIMIT,
        SOLO,
        POPPED
    }

    /** Of each task that a worker believes to hold, or did. */
    enum Holding {
        PHASE,
        FENCE,
        CLAIM,
        LAST_TRY,
        VERB,
        GIVEN_FENCE,
        GIVEN_CLAIM,
        ENDED_VERB,
        ENDED_FENCE,
        ENDED_CLAIM
    }

    /** Of the copy that the network may deliver late. */
    enum Copy {
        STATE,
        OWNER,
        LIMIT,
        SOLO,
        WAS_EMPTY
    }

    /** Of each task that the copy settles. */
    enum CopyOf {
        VERB,
        FENCE
    }

    /** Of everything. */
    enum Global {
        FENCES,
        FENCES_THEN,
        CLAIMS,
        NEXT_OWNER,
        CRASHES,
        PAUSES,
        LOST,
        COPIES,
        GIVES,
        ZOMBIES,
        REAPS,
        SNAPSHOT,
        WRITES,
        BAD
    }

    private Field() {}
}
