package io.covey.cluster.core.local;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The clock of leases: it runs while somebody ticks it. A silence longer than the gap counts as the gap only, so that
 * leases outlive a stop of everybody. Guarded by its user.
 */
final class VirtualClock {
    private final LocalClock clock;
    private boolean started;
    private long last;
    private long off;
    /** Each with the time at which the last lease of those who use it may end. */
    private final NavigableMap<Long, Long> gaps = new TreeMap<>();

    VirtualClock(LocalClock clock) {
        this.clock = clock;
    }

    /**
     * Counts the time since the last tick. A gap is two fifths of a lease; the shortest counts whose user may still have one.
     *
     * @param lease the caller's
     */
    long tick(Duration lease) {
        long gap = lease.toMillis() * 2 / 5;
        gaps.putIfAbsent(gap, 0L);
        long now = tick();
        gaps.put(gap, now + lease.toMillis());
        gaps.values().removeIf(end -> end < now);
        return now;
    }

    /** Counts the time since the last tick, with the gaps known. */
    long tick() {
        long now = clock.monotonicMillis();
        if (started) {
            off += Math.max(0, now - last - (gaps.isEmpty() ? 0 : gaps.firstKey()));
        }
        started = true;
        last = now;
        return now - off;
    }

    /** The time of the last tick. */
    long now() {
        return last - off;
    }

    /** Goes on by a time at once. */
    void pass(Duration time) {
        off -= time.toMillis();
    }
}
