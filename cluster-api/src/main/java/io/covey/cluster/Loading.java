package io.covey.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How a value is loaded that a cache does not have. Usually a constant.
 *
 * <pre>{@code
 * static final Loading<Profile> FROM_DATABASE = Loading.of(Duration.ofMinutes(10), Database::profile)
 *         .refreshAfter(Duration.ofMinutes(8))
 *         .rememberAbsence(Duration.ofSeconds(30))
 *         .acrossCluster();
 * }</pre>
 *
 * @param <V> the type of the values
 * @param loader where the values come from
 * @param ttl the time to live of what was loaded
 * @param refreshAfter the age, counted from when the value was written, from which on a read has it loaded anew in the
 *     background while it and the others still get the old one; empty: nobody loads before it expired
 * @param absentTtl for how long it is remembered that the loader found nothing; empty: the next read asks it again
 * @param clusterWide whether at most one node loads a key at a time; else one each
 * @param timeout how long a caller waits for a load that somebody else runs
 */
public record Loading<V>(
        CacheLoader<V> loader,
        Duration ttl,
        Optional<Duration> refreshAfter,
        Optional<Duration> absentTtl,
        boolean clusterWide,
        Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if one is not between 1 ms and 10 years, or {@code refreshAfter} is not below
     *     {@code ttl}
     */
    public Loading {
        CacheTimes.check("The ttl of what is loaded", ttl);
        refreshAfter.ifPresent(age -> {
            CacheTimes.check("refreshAfter", age);
            if (age.compareTo(ttl) >= 0) {
                throw new IllegalArgumentException("refreshAfter must be below the ttl of " + ttl + ", was " + age);
            }
        });
        absentTtl.ifPresent(time -> CacheTimes.check("The ttl of an absence", time));
        CacheTimes.check("The timeout of a load", timeout);
    }

    /**
     * Loads what is missing, once in this process at a time for each key.
     *
     * @param <V> the type of the values
     * @param ttl the time to live of what was loaded
     * @param loader where the values come from
     * @return a loading that refreshes nothing early, remembers no absence, and waits for 30 s
     */
    public static <V> Loading<V> of(Duration ttl, CacheLoader<V> loader) {
        return new Loading<>(loader, ttl, Optional.empty(), Optional.empty(), false, TIMEOUT);
    }

    /**
     * Values in use are refreshed in the background before they expire.
     *
     * @param age from which on, below {@code ttl}
     * @return this loading with that
     */
    public Loading<V> refreshAfter(Duration age) {
        return new Loading<>(loader, ttl, Optional.of(age), absentTtl, clusterWide, timeout);
    }

    /**
     * That the loader found nothing is remembered, for all nodes. To {@link Cache#keys}, {@link Cache#size},
     * {@link Cache#touch} and {@link Cache#remove} the memory is an entry like any other; every read sees no value, and
     * every put writes over it.
     *
     * @param time for how long
     * @return this loading with that
     */
    public Loading<V> rememberAbsence(Duration time) {
        return new Loading<>(loader, ttl, refreshAfter, Optional.of(time), clusterWide, timeout);
    }

    /**
     * One node at a time loads a key, for which it holds a claim whose lease it renews; the others look every 10 to 250 ms
     * and read what it wrote. When it is killed, another loads as soon as the lease (three beats of the node, at least 2 s)
     * has run out; when it pauses for longer than that, two may load, and what is written first stands. Costs one more
     * round trip, and two in the background.
     *
     * @return this loading with that
     */
    public Loading<V> acrossCluster() {
        return new Loading<>(loader, ttl, refreshAfter, absentTtl, true, timeout);
    }

    /**
     * Sets how long a caller waits for a load that somebody else runs.
     *
     * @param time 1 ms to 10 years
     * @return this loading with that
     */
    public Loading<V> timeout(Duration time) {
        return new Loading<>(loader, ttl, refreshAfter, absentTtl, clusterWide, time);
    }
}
