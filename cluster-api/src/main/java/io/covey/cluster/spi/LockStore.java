package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Locks with a lease and a fence. */
public interface LockStore {

    /**
     * Takes a lock if it is free. A repeat by the owner who holds it renews the lease and answers the same fence.
     *
     * @param name which lock
     * @param owner who asks; unique to one handle of one process incarnation, never used again
     * @param lease for how long
     * @return granted with the fence, or busy if somebody else holds it
     */
    CompletionStage<LeaseAttempt> acquire(String name, String owner, Duration lease);

    /**
     * Renews a lease.
     *
     * @param name which lock
     * @param owner who holds it
     * @param lease for how long from now
     * @return false if the owner does not hold it (any more)
     */
    CompletionStage<Boolean> extend(String name, String owner, Duration lease);

    /**
     * Lets a lock go and hints that to those who wait.
     *
     * @param name which lock
     * @param owner who holds it
     * @return false if the owner did not hold it (any more)
     */
    CompletionStage<Boolean> release(String name, String owner);

    /**
     * Hears that a lock may be free. A hint: it may come without cause, and may not come although there is one (a lease
     * that ran out gives none).
     *
     * @param name which lock
     * @param hint called on a thread of the transport
     * @return ends the listening
     */
    Registration onFree(String name, Runnable hint);
}
