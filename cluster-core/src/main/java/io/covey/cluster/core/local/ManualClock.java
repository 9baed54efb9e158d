package io.covey.cluster.core.local;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A clock for tests that stands still until it is advanced. Thread-safe. */
public final class ManualClock implements LocalClock {
    private final Instant start;
    private final AtomicReference<Instant> now;

    private ManualClock(Instant start) {
        this.start = start;
        this.now = new AtomicReference<>(start);
    }

    /**
     * A clock that stands at an instant.
     *
     * @param start where it begins
     * @return a new clock
     */
    public static ManualClock at(Instant start) {
        return new ManualClock(start);
    }

    /**
     * Lets time pass.
     *
     * @param time how much, not negative
     * @throws IllegalArgumentException if it is negative
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time must not be negative, was " + time);
        }
        now.updateAndGet(before -> before.plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public long monotonicMillis() {
        return Duration.between(start, now.get()).toMillis();
    }
}
