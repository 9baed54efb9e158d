package io.covey.cluster.core.local;

import java.time.Instant;
import java.time.InstantSource;

/** The time of a {@link LocalBackend}: the date, and a clock that is never set. */
public interface LocalClock extends InstantSource {

    /**
     * The time since some fixed instant. Leases and times to live are measured with it.
     *
     * @return milliseconds, never less than before
     */
    long monotonicMillis();

    /**
     * The clocks of this machine.
     *
     * @return a clock for use outside tests
     */
    static LocalClock system() {
        return new LocalClock() {
            @Override
            public Instant instant() {
                return Instant.now();
            }

            @Override
            public long monotonicMillis() {
                return System.nanoTime() / 1_000_000;
            }
        };
    }
}
