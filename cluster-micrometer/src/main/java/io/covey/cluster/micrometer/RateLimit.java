package io.covey.cluster.micrometer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** So many a second, at most as many at once. To be refused costs a look at the clock. Thread-safe. */
final class RateLimit {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long interval;
    private final LongSupplier nanos;
    /** When all that was taken would have come, one by one; nothing is given that is a second ahead. */
    private final AtomicLong paid;

    RateLimit(int perSecond, LongSupplier nanos) {
        this.interval = SECOND / perSecond;
        this.nanos = nanos;
        this.paid = new AtomicLong(nanos.getAsLong());
    }

    boolean take() {
        long now = nanos.getAsLong();
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
