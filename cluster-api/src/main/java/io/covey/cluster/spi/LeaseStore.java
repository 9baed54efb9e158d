package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
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
     * Who holds what, a page at a time, for people and tools; nothing depends on it. What is held all the while is listed at
     * least once.
     *
     * @param prefix what the names start with
     * @param cursor empty to begin, else that of the page before
     * @param limit about how many names
     * @return some of what is held, perhaps nothing although there are more pages
     */
    CompletionStage<Page<Holding>> holdings(String prefix, Optional<String> cursor, int limit);

    /**
     * Hears that a lock or a permit may be free. A hint: it may come without cause, and may not come although there is one (a
     * lease that ran out gives none).
     *
     * @param name which lock or semaphore
     * @param hint called on a thread of the transport
     * @return ends the listening
     */
    Registration onFree(String name, Runnable hint);

    /**
     * A lock, or a permit of a semaphore, that is held. Whoever {@linkplain #release releases} it in the owner's name takes it
     * from the owner, who hears of that when the lease is to be extended.
     *
     * @param name of the lock or semaphore
     * @param owner who holds it
     * @param fence of a lock; a permit has none
     * @param left until the lease ends, unless it is renewed; positive
     */
    record Holding(String name, String owner, OptionalLong fence, Duration left) {}
}
