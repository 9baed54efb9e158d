package io.covey.cluster.micrometer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** So many a second, at most as many at once. To be refused costs a comparison. Thread-safe. */
final class RateLimit {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long interval;
    /** When all that was taken would have come, one by one; nothing is given that is a second ahead. */
    private final AtomicLong paid;

    /** Times are in nanoseconds of any clock that may overflow. */
    RateLimit(int perSecond, long now) {
        this.interval = SECOND / perSecond;
        this.paid = new AtomicLong(now);
    }

    boolean take(long now) {
        while (true) {
            long until = paid.get();
            long next = (until - now > 0 ? until : now) + interval;
            if (next - now > SECOND) {
                return false;
            }
            if (paid.compareAndSet(until, next)) {
                return true;
            }
        }
    }
}
