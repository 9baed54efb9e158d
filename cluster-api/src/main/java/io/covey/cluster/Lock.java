package io.covey.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A lock that is held by at most one handle in the cluster, for as long as its lease is renewed. This object is one
 * handle, not bound to a thread and not re-entrant: while it holds the lock a second {@link #tryLock} on it is refused.
 *
 * <p><b>A lease can be lost</b> while the holder thinks it holds it: a paused process, a backend that lost its memory.
 * Whoever writes to a resource under a lock sends {@link Held#fence()} along, and the resource refuses a fence older
 * than the newest it has seen.
 */
public interface Lock {

    /**
     * The name.
     *
     * @return as given
     */
    String name();

    /**
     * Takes the lock if it is free within a time, with the default lease, which is renewed until it is released.
     *
     * @param wait how long to wait; zero tries once
     * @return the lock held, empty if somebody else held it all that time
     * @throws TransportException if the backend does not answer
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this handle holds the lock
     */
    default Optional<Held> tryLock(Duration wait) throws InterruptedException {
        return tryLock(wait, reason -> {});
    }

    /**
     * Takes the lock if it is free within a time.
     *
     * @param wait how long to wait; zero tries once
     * @param onLost called once if the lease is lost before it is released, on a thread of this node's
     * @return the lock held, empty if somebody else held it all that time
     * @throws TransportException if the backend does not answer
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this handle holds the lock
     */
    Optional<Held> tryLock(Duration wait, LostListener onLost) throws InterruptedException;

    /**
     * Runs a body under the lock.
     *
     * @param <T> the type of the result
     * @param wait how long to wait for the lock
     * @param body what to run
     * @return the body's result, empty if the lock was not free in time
     * @throws Exception what the body throws, or as {@link #tryLock(Duration)}
     */
    default <T> Optional<T> withLock(Duration wait, Callable<T> body) throws Exception {
        Optional<Held> held = tryLock(wait);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(body.call());
        } finally {
            held.get().close();
        }
    }

    /** Hears that a lock was lost. */
    @FunctionalInterface
    interface LostListener {

        /**
         * The lease is lost; somebody else may hold the lock.
         *
         * @param reason what happened, in one line
         */
        void lost(String reason);
    }

    /** The lock while it is held. */
    interface Held extends AutoCloseable {

        /**
         * A number that grows with each holder of this lock, also when the backend fails over.
         *
         * @return the fence, positive and below 2^53
         */
        long fence();

        /**
         * Whether the lease was surely still running when this method was called.
         *
         * @return false once the lease is lost, released, or could not be renewed for as long as it lasts
         */
        boolean stillMine();

        /** Releases the lock if it is still held. Twice is fine. */
        @Override
        void close();
    }
}
