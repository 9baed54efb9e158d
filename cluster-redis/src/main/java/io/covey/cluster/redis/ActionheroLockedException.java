package io.covey.cluster.redis;

import io.covey.cluster.ClusterException;

/** Somebody else has locked a key of actionhero's cache. Nothing was read or written. */
public final class ActionheroLockedException extends ClusterException {
    private static final long serialVersionUID = 1L;

    private final String holder;

    ActionheroLockedException(String message, String holder) {
        super(message);
        this.holder = holder;
    }

    /**
     * Who holds the lock.
     *
     * @return the name that the holder locks under; an actionhero node's is its id
     */
    public String holder() {
        return holder;
    }
}
