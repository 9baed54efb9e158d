package io.covey.cluster.tasks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings of a worker, checked. */
record WorkerOptions(
        QueueChoice queues,
        int concurrency,
        int mostConcurrency,
        Duration lease,
        @Nullable Duration givenBeat,
        int maxDeliveries,
        Duration drain,
        boolean strict,
        boolean scheduler,
        boolean virtual) {

    private static final Duration LEAST_LEASE = Duration.ofSeconds(1);
    private static final Duration MOST_LEASE = Duration.ofHours(1);
    private static final int MOST_CONCURRENCY = 10_000;
    private static final int BEATS = 5;

    WorkerOptions {
        if (concurrency < 1 || concurrency > MOST_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency must be between 1 and " + MOST_CONCURRENCY + ", was " + concurrency);
        }
        if (mostConcurrency < concurrency || mostConcurrency > MOST_CONCURRENCY) {
            throw new IllegalArgumentException("The most concurrency must be between the least of " + concurrency
                    + " and " + MOST_CONCURRENCY + ", was " + mostConcurrency);
        }
        if (lease.compareTo(LEAST_LEASE) < 0 || lease.compareTo(MOST_LEASE) > 0) {
            throw new IllegalArgumentException("lease must be between 1s and 1h, was " + lease.toMillis() + "ms");
        }
        if (givenBeat != null
                && (givenBeat.toMillis() < 1 || givenBeat.multipliedBy(2).compareTo(lease) > 0)) {
            throw new IllegalArgumentException("beat must be between 1ms and half the lease of " + lease.toMillis()
                    + "ms, was " + givenBeat.toMillis() + "ms");
        }
        if (maxDeliveries < 1) {
            throw new IllegalArgumentException("maxDeliveries must be at least 1, was " + maxDeliveries);
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain must not be negative, was " + drain.toMillis() + "ms");
        }
    }

    Duration beat() {
        return givenBeat != null ? givenBeat : lease.dividedBy(BEATS);
    }
}
