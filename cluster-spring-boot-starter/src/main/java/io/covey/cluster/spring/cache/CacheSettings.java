package io.covey.cluster.spring.cache;

import io.covey.cluster.CacheLoader;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Loading;
import io.covey.cluster.NearOptions;
import java.time.Duration;

/**
 * How one of Spring's caches uses one of the cluster's.
 *
 * @param ttl how long values live; zero for as long as they are allowed to
 * @param nullValues whether null is kept
 * @param loadAcrossCluster whether one node at a time loads a key, where {@code sync = true}; else one of each node's callers
 * @param loadTimeout how long callers wait for a load that somebody else runs
 * @param nearEntries how many copies this node keeps; 0 for none
 * @param nearTtl for how long
 */
record CacheSettings(
        Duration ttl,
        boolean nullValues,
        boolean loadAcrossCluster,
        Duration loadTimeout,
        int nearEntries,
        Duration nearTtl) {
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** How long a value lives. */
    Duration life() {
        return ttl.isZero() ? LONGEST : ttl;
    }

    CacheOptions options() {
        CacheOptions options = CacheOptions.withTtl(life());
        return nearEntries == 0
                ? options
                : options.near(NearOptions.entries(nearEntries).withTtl(nearTtl));
    }

    Loading<Object> loading(CacheLoader<Object> loader) {
        Loading<Object> loading = Loading.of(life(), loader).timeout(loadTimeout);
        return loadAcrossCluster ? loading.acrossCluster() : loading;
    }
}
