package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one line a second through and counts those that it does not. For all threads. */
final class LogLimit {
    /** Not now. */
    static final long NO = -1;

    private static final long EVERY = Duration.ofSeconds(1).toNanos();

    private final WorkerTime time;
    private final AtomicLong nextAt;
    private final AtomicLong untold = new AtomicLong();

    LogLimit(WorkerTime time) {
        this.time = time;
        this.nextAt = new AtomicLong(time.nanos());
    }

    /** There is something to tell: {@link #NO}, or how many before it were not told. */
    long tell() {
        if (due()) {
            return untold.getAndSet(0);
        }
        untold.incrementAndGet();
        return NO;
    }

    /** Nothing new: how many were not told, 0 for none or not now. */
    long rest() {
        return untold.get() > 0 && due() ? untold.getAndSet(0) : 0;
    }

    /** There will be nothing more: how many were not told. */
    long all() {
        return untold.getAndSet(0);
    }

    private boolean due() {
        long now = time.nanos();
        long next = nextAt.get();
        return now - next >= 0 && nextAt.compareAndSet(next, now + EVERY);
    }
}
