package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The worker's own clock and what it measures with it, in nanoseconds. */
record WorkerTime(LongSupplier clock, long lease, long beat) {

    static WorkerTime of(Duration lease, Duration beat) {
        return new WorkerTime(System::nanoTime, lease.toNanos(), beat.toNanos());
    }

    long nanos() {
        return clock.getAsLong();
    }
}
