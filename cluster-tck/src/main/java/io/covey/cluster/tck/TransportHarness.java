package io.covey.cluster.tck;

import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One backend as one test sees it: made before each test with a namespace that nothing used before, so that tests do not
 * see one another and nothing must be cleaned up between them.
 */
public interface TransportHarness extends AutoCloseable {

    /**
     * Connects once more to this harness' backend and namespace, as another process would.
     *
     * @return an open transport; whoever called closes it
     */
    Transport open();

    /**
     * Connects to the same backend but to another namespace, of tasks too, that nothing used before.
     *
     * @return an open transport; whoever called closes it
     */
    Transport openElsewhere();

    /**
     * Lets virtual lease time pass at once, as if it had passed while somebody else went on beating: leases of tasks in
     * the named queues, and leases of the directory's owners. Delays of tasks, locks and caches need not notice.
     *
     * @param time how much
     * @param queues which queues; the directory always
     */
    void pass(Duration time, String... queues);

    /**
     * Lets the backend's clock go on by at least a time while nobody calls it. Times to live, locks and delays of tasks
     * notice; virtual clocks must take it for a silence. Contracts ask for a second or two at most. Waits unless it is
     * overridden by a harness whose clock can be set.
     *
     * @param time how much
     */
    default void elapse(Duration time) {
        Instant end = Instant.now().plus(time);
        for (Instant now = Instant.now(); now.isBefore(end); now = Instant.now()) {
            LockSupport.parkNanos(Duration.between(now, end).toNanos());
        }
    }

    /**
     * Puts bytes into a queue as a producer of another make would.
     *
     * @param queue the queue
     * @param task any bytes
     * @return false if the backend has no such way in; tests that need it are skipped then
     */
    default boolean pushRaw(String queue, byte[] task) {
        return false;
    }

    /**
     * Takes bytes out of a queue as a worker of another make would: for good.
     *
     * @param queue the queue
     * @return the first that wait there; empty if none does, or the backend has no such way out
     */
    default Optional<byte[]> popRaw(String queue) {
        return Optional.empty();
    }

    /**
     * What nobody may read in what a transport says.
     *
     * @return passwords with which the transports connect; none unless it is overridden
     */
    default List<String> secrets() {
        return List.of();
    }

    /** Ends what the harness started. The transports are closed already. */
    @Override
    void close();
}
