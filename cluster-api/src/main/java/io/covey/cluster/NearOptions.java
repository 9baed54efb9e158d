package io.covey.cluster;

import java.time.Duration;

/**
 * How a node keeps copies of the values it has read from a {@link Cache}. A copy is dropped when the backend says that the
 * value changed, when either time to live is over, and whenever it is in doubt whether the backend could have said so.
 * Readers share a copy: they must not change it.
 *
 * @param bound how much is kept
 * @param ttl how long a copy is used at most, also if its value lives longer
 * @param maxStale for how long copies are used after the last proof that news of changes get through
 */
public record NearOptions(Bound bound, Duration ttl, Duration maxStale) {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration MAX_STALE = Duration.ofSeconds(10);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if {@code ttl} is not between 1 ms and 10 years, or {@code maxStale} not between
     *     1 second and 5 minutes
     */
    public NearOptions {
        CacheTimes.check("The ttl of near copies", ttl);
        if (maxStale.compareTo(Duration.ofSeconds(1)) < 0 || maxStale.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("maxStale must be between 1 s and 5 min, was " + maxStale);
        }
    }

    /**
     * Keeps a number of copies, for 5 minutes each; {@code maxStale} is 10 s.
     *
     * @param most how many at most, at least 1
     * @return the options
     */
    public static NearOptions entries(long most) {
        return new NearOptions(new Entries(most), TTL, MAX_STALE);
    }

    /**
     * Keeps copies up to a size, for 5 minutes each; {@code maxStale} is 10 s.
     *
     * @param most how many bytes their keys and values may have together as they are stored, at least 1 KiB
     * @return the options
     */
    public static NearOptions bytes(long most) {
        return new NearOptions(new Bytes(most), TTL, MAX_STALE);
    }

    /**
     * Sets how long a copy is used.
     *
     * @param time 1 ms to 10 years
     * @return these options with that
     */
    public NearOptions withTtl(Duration time) {
        return new NearOptions(bound, time, maxStale);
    }

    /**
     * Sets for how long copies are used after the last proof that news get through.
     *
     * @param time 1 s to 5 min
     * @return these options with that
     */
    public NearOptions withMaxStale(Duration time) {
        return new NearOptions(bound, ttl, time);
    }

    /** How much is kept. */
    public sealed interface Bound {}

    /**
     * A number of copies.
     *
     * @param most at least 1
     */
    public record Entries(long most) implements Bound {

        /** Checks the limit. */
        public Entries {
            if (most < 1) {
                throw new IllegalArgumentException("A near cache keeps at least 1 entry, was " + most);
            }
        }
    }

    /**
     * A size of keys and values as they are stored; the objects made of them may need several times that.
     *
     * @param most at least 1024
     */
    public record Bytes(long most) implements Bound {

        /** Checks the limit. */
        public Bytes {
            if (most < 1024) {
                throw new IllegalArgumentException("A near cache keeps at least 1024 bytes, was " + most);
            }
        }
    }
}
