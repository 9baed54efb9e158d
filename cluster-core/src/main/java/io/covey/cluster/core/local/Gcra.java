package io.covey.cluster.core.local;

import io.covey.cluster.spi.QueueSettings.Rate;

/**
 * Starts evenly spread over time: the generic cell rate algorithm. What it remembers is the time at which all that was
 * taken is paid for. Guarded by its user.
 */
final class Gcra {
    private static final long NANOS = 1_000_000;
    private long paidAt = Long.MIN_VALUE;

    /** How many may start now. */
    long free(Rate rate, long nowMillis) {
        long each = each(rate);
        long now = nowMillis * NANOS;
        return (now + rate.burst() * each - owed(now)) / each;
    }

    /** Goes on with another rate: that the one before was slower holds up no longer than a burst. */
    void change(Rate to, long nowMillis) {
        long now = nowMillis * NANOS;
        paidAt = Math.min(paidAt, now + to.burst() * each(to));
    }

    void charge(Rate rate, long nowMillis, int starts) {
        paidAt = owed(nowMillis * NANOS) + starts * each(rate);
    }

    /** In how many milliseconds the next may start; 0 if one may now. */
    long waitMillis(Rate rate, long nowMillis) {
        long now = nowMillis * NANOS;
        long early = owed(now) - now - (rate.burst() - 1) * each(rate);
        return early <= 0 ? 0 : (early + NANOS - 1) / NANOS;
    }

    /** Whether nothing would change if it was forgotten. */
    boolean isIdle(long nowMillis) {
        return paidAt <= nowMillis * NANOS;
    }

    private long owed(long now) {
        return Math.max(now, paidAt);
    }

    private static long each(Rate rate) {
        return (rate.per().toNanos() + rate.permits() - 1) / rate.permits();
    }
}
