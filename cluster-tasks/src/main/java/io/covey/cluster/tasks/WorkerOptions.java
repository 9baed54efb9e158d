package io.covey.cluster.tasks;

import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a worker, checked. */
record WorkerOptions(
        List<String> queues,
        int concurrency,
        Duration lease,
        @Nullable Duration givenBeat,
        int maxDeliveries,
        Duration drain,
        boolean strict,
        boolean scheduler) {

    private static final Duration LEAST_LEASE = Duration.ofSeconds(1);
    private static final Duration MOST_LEASE = Duration.ofHours(1);
    private static final int MOST_CONCURRENCY = 10_000;
    private static final int BEATS = 5;

    WorkerOptions {
        queues = queues.stream().distinct().toList();
        if (queues.isEmpty()) {
            throw new IllegalArgumentException("A worker needs a queue, had none");
        }
        queues.forEach(queue -> Names.check("queue", queue));
        if (concurrency < 1 || concurrency > MOST_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency must be between 1 and " + MOST_CONCURRENCY + ", was " + concurrency);
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
