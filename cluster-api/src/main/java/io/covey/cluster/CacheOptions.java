package io.covey.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How a {@link Cache} object behaves. Nothing of this is stored with the values: nodes that share a cache choose the same
 * options, or each gets what it chose.
 *
 * <pre>{@code
 * CacheOptions.withTtl(Duration.ofMinutes(30)).near(NearOptions.entries(10_000))
 * }</pre>
 *
 * @param ttl the time to live of a value that is put without one; empty: such a value does not expire
 * @param slides whether each read gives the value that time to live from then on, in the same round trip, whatever it had
 *     left. {@link Cache#get(String)}, {@link Cache#getEntry} and {@link Cache#getAll} are reads;
 *     {@link Cache#info} is none.
 * @param near whether and how this node keeps copies of what it has read
 */
public record CacheOptions(Optional<Duration> ttl, boolean slides, Optional<NearOptions> near) {
    private static final CacheOptions NONE = new CacheOptions(Optional.empty(), false, Optional.empty());

    /**
     * Checks what goes with what.
     *
     * @throws IllegalArgumentException if {@code ttl} is not between 1 ms and 10 years, if the cache slides without one, or
     *     if it slides and keeps copies: reads that the backend does not see prolong nothing
     */
    public CacheOptions {
        ttl.ifPresent(time -> CacheTimes.check("The ttl of a cache", time));
        if (slides && ttl.isEmpty()) {
            throw new IllegalArgumentException("A sliding cache needs a ttl: CacheOptions.withTtl(ttl).sliding()");
        }
        if (slides && near.isPresent()) {
            throw new IllegalArgumentException(
                    "A sliding cache cannot keep near copies: the backend does not see their "
                            + "reads, so that values in use would expire");
        }
    }

    /**
     * Values expire only if they are put with a time to live, and every read asks the backend.
     *
     * @return the default options
     */
    public static CacheOptions none() {
        return NONE;
    }

    /**
     * Values that are put without a time to live get one.
     *
     * @param ttl 1 ms to 10 years
     * @return the options
     */
    public static CacheOptions withTtl(Duration ttl) {
        return new CacheOptions(Optional.of(ttl), false, Optional.empty());
    }

    /**
     * Each read gives the value its time to live anew.
     *
     * @return these options, sliding
     */
    public CacheOptions sliding() {
        return new CacheOptions(ttl, true, near);
    }

    /**
     * This node keeps copies of what it has read.
     *
     * @param options how many and how long
     * @return these options with that
     */
    public CacheOptions near(NearOptions options) {
        return new CacheOptions(ttl, slides, Optional.of(options));
    }
}
