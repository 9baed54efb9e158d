package io.covey.cluster.core.runtime;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The backend's clock, estimated: what it told last, and the monotonic time since. */
public final class BackendClock implements InstantSource {
    private final LongSupplier nanos;
    private volatile Sample last;

    /**
     * Starts with this machine's clock.
     *
     * @param nanos a monotonic clock
     */
    public BackendClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Sample(Instant.now(), nanos.getAsLong());
    }

    /**
     * Takes the backend's time, which was read at some point while it was asked.
     *
     * @param time what the backend said
     * @param asked when it was asked, by the monotonic clock
     */
    public void learn(Instant time, long asked) {
        long now = nanos.getAsLong();
        last = new Sample(time.plusNanos((now - asked) / 2), now);
    }

    @Override
    public Instant instant() {
        Sample sample = last;
        return sample.time.plusNanos(nanos.getAsLong() - sample.at);
    }

    /**
     * The monotonic clock beneath.
     *
     * @return nanoseconds since some moment
     */
    public long nanos() {
        return nanos.getAsLong();
    }

    private record Sample(Instant time, long at) {}
}
