package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What locks and semaphores have in common: what is held under a name is held for a lease. */
public interface LeaseStore {

    /**
     * Renews a lease.
     *
     * @param name which lock or semaphore
     * @param owner who holds it, or a permit of it
     * @param lease for how long from now
     * @return false if the owner does not hold it (any more)
     */
    CompletionStage<Boolean> extend(String name, String owner, Duration lease);

    /**
     * Lets a lock or a permit go and hints that to those who wait.
     *
     * @param name which lock or semaphore
     * @param owner who holds it, or a permit of it
     * @return false if the owner did not hold it (any more)
     */
    CompletionStage<Boolean> release(String name, String owner);

    /**
     * Hears that a lock or a permit may be free. A hint: it may come without cause, and may not come although there is one (a
     * lease that ran out gives none).
     *
     * @param name which lock or semaphore
     * @param hint called on a thread of the transport
     * @return ends the listening
     */
    Registration onFree(String name, Runnable hint);
}
