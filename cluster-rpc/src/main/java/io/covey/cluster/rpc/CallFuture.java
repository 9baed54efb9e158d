package io.covey.cluster.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call ends with. The thread that hears the answer runs nothing of the user's: a thread that waits is woken and
 * completes the future itself, which costs no hand-off; if none waits the executor does.
 */
final class CallFuture<T> extends CompletableFuture<T> {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<CallFuture, Thread> WAITER =
            AtomicReferenceFieldUpdater.newUpdater(CallFuture.class, Thread.class, "waiter");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<CallFuture, Runnable> OUTCOME =
            AtomicReferenceFieldUpdater.newUpdater(CallFuture.class, Runnable.class, "outcome");

    /** There are ways to complete a future that tell nobody, such as {@code completeAsync}. */
    private static final long LONGEST_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Executor executor;
    private volatile @Nullable Runnable onCancel;
    private volatile @Nullable Runnable outcome;
    private volatile @Nullable Thread waiter;

    CallFuture(Executor executor) {
        this.executor = executor;
    }

    /** Called on the thread of the user who cancels. */
    void onCancel(Runnable call) {
        onCancel = call;
    }

    /** The value is made where the future completes, since codecs are of the user too. */
    void succeed(Supplier<T> value) {
        end(() -> {
            try {
                complete(value.get());
            } catch (RuntimeException | Error e) { // nobody else would end it
                completeExceptionally(e);
            }
        });
    }

    void fail(Throwable thrown) {
        end(() -> completeExceptionally(thrown));
    }

    /** Either the thread that waits sees the outcome, or it is not seen waiting. */
    private void end(Runnable how) {
        outcome = how;
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        } else {
            executor.execute(this::settle);
        }
    }

    /** Once, by whoever comes first. */
    private void settle() {
        Runnable how = OUTCOME.getAndSet(this, null);
        if (how != null) {
            how.run();
        }
    }

    @Override
    public boolean complete(T value) {
        boolean completed = super.complete(value);
        wake();
        return completed;
    }

    @Override
    public boolean completeExceptionally(Throwable thrown) {
        boolean completed = super.completeExceptionally(thrown);
        wake();
        return completed;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        wake();
        Runnable call = onCancel;
        if (cancelled && call != null) {
            onCancel = null;
            call.run();
        }
        return cancelled;
    }

    private void wake() {
        Thread waiting = waiter;
        if (waiting != null && waiting != Thread.currentThread()) {
            LockSupport.unpark(waiting);
        }
    }

    @Override
    public T join() {
        boolean interrupted = false;
        if (beginWait()) {
            try {
                while (!isDone() && outcome == null) {
                    LockSupport.parkNanos(this, LONGEST_PARK_NANOS);
                    interrupted |= Thread.interrupted();
                }
            } finally {
                endWait();
            }
        }
        try {
            return super.join();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        park(System.nanoTime() + Long.MAX_VALUE);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        park(deadline);
        return super.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Until there is an outcome, at most to the deadline, or to an interruption. */
    private void park(long deadline) {
        if (beginWait()) {
            try {
                long left = deadline - System.nanoTime();
                while (!isDone()
                        && outcome == null
                        && left > 0
                        && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(this, Math.min(left, LONGEST_PARK_NANOS));
                    left = deadline - System.nanoTime();
                }
            } finally {
                endWait();
            }
        }
    }

    /** One thread at a time; others wait in the usual way. Those of a fork-join pool are replaced while they do. */
    private boolean beginWait() {
        return !isDone()
                && !(Thread.currentThread() instanceof ForkJoinWorkerThread)
                && WAITER.compareAndSet(this, null, Thread.currentThread());
    }

    private void endWait() {
        waiter = null;
        settle();
    }
}
