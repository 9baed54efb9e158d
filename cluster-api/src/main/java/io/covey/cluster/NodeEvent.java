package io.covey.cluster;

import java.time.Duration;

/** Something that a node did. More kinds may come. */
public sealed interface NodeEvent {

    /**
     * Keys of a cache were read.
     *
     * @param cache its name
     * @param near how many were answered by a copy on this node
     * @param stored how many were found in the store
     * @param missing how many were not there
     */
    record CacheRead(String cache, int near, int stored, int missing) implements NodeEvent {}

    /**
     * A loader of a cache ran.
     *
     * @param cache its name
     * @param took how long it ran
     * @param failed whether it threw
     */
    record CacheLoaded(String cache, Duration took, boolean failed) implements NodeEvent {}

    /**
     * Somebody has waited for a lock or a permit.
     *
     * @param kind which
     * @param took for how long
     * @param granted whether it was given
     */
    record LeaseAwaited(Leased kind, Duration took, boolean granted) implements NodeEvent {}

    /**
     * A lock or a permit is held no more.
     *
     * @param kind which
     * @param held for how long it was
     * @param lost whether it was lost instead of released
     */
    record LeaseEnded(Leased kind, Duration held, boolean lost) implements NodeEvent {}

    /** What is held by a lease. */
    enum Leased {
        /** See {@link Cluster#lock}. */
        LOCK,
        /** See {@link Cluster#semaphore}. */
        PERMIT
    }
}
