package io.covey.cluster.core.local;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Numbers that grow even if the last one was forgotten: the time in microseconds, or one more than the last. */
final class Fences {
    private Fences() {}

    static long after(long last, LocalClock clock) {
        return Math.max(last + 1, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }
}
