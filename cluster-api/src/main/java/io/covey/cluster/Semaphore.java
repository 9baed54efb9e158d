package io.covey.cluster;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A number of permits that the cluster shares, each held for as long as its lease is renewed. Thread-safe: every
 * acquisition is a permit of its own.
 *
 * <p>A permit can be lost like a {@link Lock}, and then one more than the number may believe to hold one, until the
 * loser looks at {@link Permit#stillMine()} or is told. There is no fence: of two holders the older is as rightful as
 * the newer. Where one too many does harm, use a lock for each slot.
 *
 * <p>The number is the caller's. While nodes say different ones, each goes by its own: never more than the largest of
 * them is held, and those who say less get one when fewer than theirs are.
 */
public interface Semaphore {

    /**
     * The name.
     *
     * @return as given
     */
    String name();

    /**
     * How many may hold a permit at a time.
     *
     * @return as given
     */
    int permits();

    /**
     * Takes a permit if one is free within a time, with the default lease, which is renewed until it is released.
     *
     * @param wait how long to wait; zero tries once
     * @return the permit, empty if none was free
     * @throws TransportException if the backend does not answer at first, or at the end of the wait
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    default Optional<Permit> tryAcquire(Duration wait) throws InterruptedException {
        return tryAcquire(wait, reason -> {});
    }

    /**
     * Takes a permit if one is free within a time.
     *
     * @param wait how long to wait; zero tries once
     * @param onLost called once if the lease is lost before it is released, on a thread of this node's
     * @return the permit, empty if none was free
     * @throws TransportException if the backend does not answer at first, or at the end of the wait
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<Permit> tryAcquire(Duration wait, Lock.LostListener onLost) throws InterruptedException;

    /**
     * Takes a permit if one is free within a time, without a thread that waits. Whoever cancels the stage's future gives
     * up waiting; a permit that comes too late is released.
     *
     * @param wait how long to wait; zero tries once
     * @param onLost called once if the lease is lost before it is released, on a thread of this node's
     * @return completes on a thread of this node's with the permit, with empty if none was free, or with
     *     {@link TransportException}
     */
    CompletionStage<Optional<Permit>> tryAcquireAsync(Duration wait, Lock.LostListener onLost);

    /**
     * Runs a body with a permit and releases it.
     *
     * @param <T> the type of the result
     * @param <X> what the body throws
     * @param wait how long to wait for a permit
     * @param body what to run, in the calling thread
     * @return the body's result, empty if no permit was free in time
     * @throws X what the body throws
     * @throws LeaseLostException if the body ended and the permit was not surely held to the end
     * @throws InterruptedException as {@link #tryAcquire(Duration)}
     */
    default <T, X extends Exception> Optional<T> withPermit(Duration wait, Body<T, X> body)
            throws X, InterruptedException {
        Optional<Permit> permit = tryAcquire(wait);
        if (permit.isEmpty()) {
            return Optional.empty();
        }
        try (Permit mine = permit.get()) {
            T result = Objects.requireNonNull(body.run(mine), "the body under a permit must not return null");
            mine.assertMine();
            return Optional.of(result);
        }
    }

    /**
     * What runs with a permit.
     *
     * @param <T> the type of the result
     * @param <X> what it throws
     */
    @FunctionalInterface
    interface Body<T, X extends Exception> {

        /**
         * Runs.
         *
         * @param permit the permit
         * @return the result
         * @throws X if it fails
         */
        T run(Permit permit) throws X;
    }

    /** A permit while it is held. */
    interface Permit extends AutoCloseable {

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

        /** Releases the permit if it is still held. Twice is fine. */
        @Override
        void close();
    }
}
