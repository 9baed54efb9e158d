package io.covey.cluster.spi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Semaphores whose permits have a lease each. */
public interface SemaphoreStore extends LeaseStore {

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
}
