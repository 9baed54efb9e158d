package io.covey.cluster.spi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Locks with a lease and a fence. */
public interface LockStore extends LeaseStore {

    /**
     * Takes a lock if it is free. A repeat by the owner who holds it renews the lease and answers the same fence.
     *
     * @param name which lock
     * @param owner who asks; unique to one handle of one process incarnation, never used again
     * @param lease for how long
     * @return granted with the fence, or busy if somebody else holds it
     */
    CompletionStage<LeaseAttempt> acquire(String name, String owner, Duration lease);
}
