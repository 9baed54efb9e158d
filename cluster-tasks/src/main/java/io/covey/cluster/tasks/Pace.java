package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** How long runs and round trips take, and how much to fetch ahead because of it. */
final class Pace {
    private static final int RUNS = 64;
    private static final int TRIPS = 16;
    private static final int ENOUGH = 8;
    private static final int SHORT_IN_TRIPS = 10;
    private static final int MOST_AHEAD = 50;
    private static final long AHEAD = Duration.ofMillis(20).toNanos();
    /** Handing work to a thread costs about this much, however near the backend is. */
    private static final long LEAST_TRIP = Duration.ofNanos(50_000).toNanos();

    private final boolean strict;
    private final long[] runs = new long[RUNS];
    private final AtomicInteger ran = new AtomicInteger();
    private final long[] trips = new long[TRIPS];
    private int tripped;
    private int seen;
    private int ahead;

    Pace(boolean strict) {
        this.strict = strict;
    }

    /** For all threads. A sample lost in a race does not matter. */
    void ran(long nanos) {
        if (!strict) {
            runs[(ran.getAndIncrement() & Integer.MAX_VALUE) % RUNS] = nanos;
        }
    }

    /** For the poller. */
    void tripped(long nanos) {
        trips[tripped++ % TRIPS] = nanos;
    }

    /** For the poller: how many to hold beyond the slots. */
    int ahead(int concurrency) {
        int now = ran.get();
        if (strict || now < ENOUGH || tripped == 0) {
            return 0;
        }
        if (now - seen >= ENOUGH || seen == 0) {
            seen = now;
            long run = Math.max(1, median(runs, Math.min(now, RUNS)));
            long trip = Math.max(LEAST_TRIP, median(trips, Math.min(tripped, TRIPS)));
            ahead = run < SHORT_IN_TRIPS * trip ? (int) Math.min(MOST_AHEAD, concurrency * AHEAD / run) : 0;
        }
        return ahead;
    }

    private static long median(long[] samples, int count) {
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        return sorted[count / 2];
    }
}
