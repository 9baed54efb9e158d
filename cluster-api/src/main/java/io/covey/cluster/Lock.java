package io.covey.cluster;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A lock that is held by at most one handle in the cluster, for as long as its lease is renewed. This object is one
 * handle, not bound to a thread and not re-entrant: while it holds the lock a second {@link #tryLock} on it is refused.
 *
 * <p><b>A lease can be lost</b> while the holder thinks it holds it: a paused process, a backend that lost its memory.
 * Whoever writes to a resource under a lock sends {@link Held#fence()} along, and the resource refuses a fence older
 * than the newest it has seen.
 *
 * <p>Those of one node who wait for a lock stand in line, and only the first of them asks the backend: after each
 * release, and once a second in case the news of it was lost. Among nodes, chance decides.
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
     * @throws TransportException if the backend does not answer at first, or at the end of the wait
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
     * @throws TransportException if the backend does not answer at first, or at the end of the wait
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this handle holds the lock
     */
    Optional<Held> tryLock(Duration wait, LostListener onLost) throws InterruptedException;

    /**
     * Takes the lock if it is free within a time, without a thread that waits. Whoever cancels the stage's future gives
     * up waiting; a lock that comes too late is released.
     *
     * @param wait how long to wait; zero tries once
     * @param onLost called once if the lease is lost before it is released, on a thread of this node's
     * @return completes on a thread of this node's with the lock held, with empty if somebody else held it all that
     *     time, or with {@link TransportException}
     * @throws IllegalStateException if this handle holds the lock
     */
    CompletionStage<Optional<Held>> tryLockAsync(Duration wait, LostListener onLost);

    /**
     * Runs a body under the lock and releases it.
     *
     * @param <T> the type of the result
     * @param <X> what the body throws
     * @param wait how long to wait for the lock
     * @param body what to run, in the calling thread
     * @return the body's result, empty if the lock was not free in time
     * @throws X what the body throws
     * @throws LeaseLostException if the body ended and the lock was not surely held to the end
     * @throws InterruptedException as {@link #tryLock(Duration)}
     */
    default <T, X extends Exception> Optional<T> withLock(Duration wait, Body<T, X> body)
            throws X, InterruptedException {
        Optional<Held> held = tryLock(wait);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        try (Held mine = held.get()) {
            T result = Objects.requireNonNull(body.run(mine), "the body under a lock must not return null");
            mine.assertMine();
            return Optional.of(result);
        }
    }

    /**
     * What runs under a lock.
     *
     * @param <T> the type of the result
     * @param <X> what it throws
     */
    @FunctionalInterface
    interface Body<T, X extends Exception> {

        /**
         * Runs.
         *
         * @param held the lock, with the fence for the resource
         * @return the result
         * @throws X if it fails
         */
        T run(Held held) throws X;
    }

    /** Hears that a lock or a permit was lost. */
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
         * A number that grows with each holder of this lock, also when the backend fails over or loses its memory, as
         * long as its clock was not set back meanwhile.
         *
         * @return the fence, positive and below 2^53
         */
        long fence();

        /**
         * Whether the lease was surely still running when this method was called. It counts from before it was asked
         * for, by a clock that also runs while the process is stopped.
         *
         * @return false once the lease is lost, released, or could not be renewed for as long as it lasts
         */
        boolean stillMine();

        /**
         * Goes on only if the lease was surely still running when this method was called.
         *
         * @throws LeaseLostException if not {@link #stillMine()}
         */
        void assertMine();

        /** Releases the lock if it is still held. Twice is fine. */
        @Override
        void close();
    }
}
