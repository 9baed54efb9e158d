package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Semaphores whose permits have a lease each. */
public interface SemaphoreStore {

    /**
     * Takes a permit if fewer than a number are held. A repeat by the owner who holds one renews its lease, whatever the
     * number.
     *
     * @param name which semaphore
     * @param owner who asks; unique to one acquisition of one process incarnation, never used again
     * @param permits the number, positive; nothing remembers it
     * @param lease for how long
     * @return granted with 0, or busy
     */
    CompletionStage<LeaseAttempt> acquire(String name, String owner, int permits, Duration lease);

    /**
     * Renews the lease of a permit.
     *
     * @param name which semaphore
     * @param owner who holds it
     * @param lease for how long from now
     * @return false if the owner does not hold one (any more)
     */
    CompletionStage<Boolean> extend(String name, String owner, Duration lease);

    /**
     * Lets a permit go and hints that to those who wait.
     *
     * @param name which semaphore
     * @param owner who holds it
     * @return false if the owner did not hold one (any more)
     */
    CompletionStage<Boolean> release(String name, String owner);

    /**
     * Hears that a permit may be free. A hint: it may come without cause, and may not come although there is one (a lease
     * that ran out gives none).
     *
     * @param name which semaphore
     * @param hint called on a thread of the transport
     * @return ends the listening
     */
    Registration onFree(String name, Runnable hint);
}
