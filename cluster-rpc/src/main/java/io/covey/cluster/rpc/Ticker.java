package io.covey.cluster.rpc;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for all that is due at a time. It looks at everything when the first of it is due, which costs a call that is
 * answered in time one comparison.
 */
final class Ticker implements AutoCloseable {
    static final long NEVER = Long.MAX_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final long SHORTEST_NANOS = 2_000_000;
    private static final long AGAIN_NANOS = 50_000_000;

    /** Does what is due, and answers when the next of it is, or {@link #NEVER}. */
    interface Work {
        long tick(long now);
    }

    private final long start = System.nanoTime();
    private final AtomicLong earliest = new AtomicLong(NEVER);
    private final AtomicBoolean started = new AtomicBoolean();
    private final Work work;
    private final Thread thread;
    private volatile boolean closed;

    Ticker(ThreadFactory threads, Work work) {
        this.work = work;
        this.thread = threads.newThread(this::run);
    }

    /** Nanoseconds since this was made: not negative, so that they can be compared. */
    long now() {
        return System.nanoTime() - start;
    }

    /** Says that something is due at a time, after it was put where the work looks. */
    void due(long at) {
        if (at >= earliest.get()) {
            return;
        }
        earliest.accumulateAndGet(at, Math::min);
        if (started.compareAndSet(false, true) && !closed) {
            thread.start();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            long wait = earliest.get() - now();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
                continue;
            }
            // Set back before looking: what comes while we look sets it again.
            earliest.set(NEVER);
            tick();
            LockSupport.parkNanos(this, SHORTEST_NANOS);
        }
    }

    private void tick() {
        try {
            earliest.accumulateAndGet(work.tick(now()), Math::min);
        } catch (Throwable e) {
            // Whatever it was, also that there is no memory for a thread: without this thread no call would end.
            earliest.accumulateAndGet(now() + AGAIN_NANOS, Math::min);
            LOG.warn("What was due failed; it is looked at again in 50 ms", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
