package io.covey.cluster.core.local;

import java.time.Duration;

/**
 * The clock of leases: it runs while somebody ticks it. A silence longer than the gap counts as the gap only, so that
 * leases outlive a stop of everybody. Guarded by its user.
 */
final class VirtualClock {
    private final LocalClock clock;
    private boolean started;
    private long last;
    private long off;
    private long gap;

    VirtualClock(LocalClock clock) {
        this.clock = clock;
    }

    /**
     * Counts the time since the last tick.
     *
     * @param lease the caller's; the gap is two fifths of the shortest lease in use
     * @param unused whether no lease runs, so that the gap may grow
     */
    long tick(Duration lease, boolean unused) {
        long wanted = lease.toMillis() * 2 / 5;
        gap = unused || gap == 0 ? wanted : Math.min(gap, wanted);
        return tick();
    }

    /** Counts the time since the last tick, with the gap known. */
    long tick() {
        long now = clock.monotonicMillis();
        if (started) {
            off += Math.max(0, now - last - gap);
        }
        started = true;
        last = now;
        return now - off;
    }

    /** Goes on by a time at once. */
    void pass(Duration time) {
        off -= time.toMillis();
    }
}
