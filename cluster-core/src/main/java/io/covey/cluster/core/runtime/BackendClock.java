package io.covey.cluster.core.runtime;

import io.covey.cluster.ClusterClock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The backend's clock, estimated: what it told at its best, and the monotonic time since. */
public final class BackendClock implements ClusterClock {
    /** Two clocks drift apart by less, even while one is being slewed: 500 parts of a million. */
    private static final long DRIFT = 2000;

    private static final long UNKNOWN = Long.MAX_VALUE / 4;

    private final LongSupplier nanos;
    private volatile Sample last;

    /**
     * Starts with this machine's clock.
     *
     * @param nanos a monotonic clock
     */
    public BackendClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Sample(Instant.now(), nanos.getAsLong(), UNKNOWN);
    }

    /**
     * Takes the backend's time, which was read at some point while it was asked. An answer that took so long that more is
     * known without it changes nothing (this process may have been stopped while it waited), unless it proves that the
     * backend's clock was set.
     *
     * @param time what the backend said
     * @param asked when it was asked, by the monotonic clock
     */
    public void learn(Instant time, long asked) {
        long now = nanos.getAsLong();
        long half = (now - asked) / 2;
        Sample fresh = new Sample(time.plusNanos(half), now, half);
        Sample known = last;
        long error = known.error(now);
        Duration apart = Duration.between(known.time(now), fresh.time).abs();
        if (half <= error || apart.compareTo(Duration.ofNanos(error + half)) > 0) {
            last = fresh;
        }
    }

    @Override
    public Instant instant() {
        return last.time(nanos.getAsLong());
    }

    @Override
    public Duration offset() {
        return Duration.between(Instant.now(), instant());
    }

    @Override
    public Duration error() {
        return Duration.ofNanos(last.error(nanos.getAsLong()));
    }

    /**
     * The monotonic clock beneath.
     *
     * @return nanoseconds since some moment
     */
    public long nanos() {
        return nanos.getAsLong();
    }

    private record Sample(Instant time, long at, long error) {

        Instant time(long now) {
            return time.plusNanos(now - at);
        }

        long error(long now) {
            return error + (now - at) / DRIFT;
        }
    }
}
