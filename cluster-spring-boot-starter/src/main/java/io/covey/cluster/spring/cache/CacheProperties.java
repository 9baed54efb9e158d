package io.covey.cluster.spring.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How {@code @Cacheable} and the like use the caches of the cluster. */
@ConfigurationProperties("covey.cache")
record CacheProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> names,
        @DefaultValue("1h") Duration ttl,
        @DefaultValue("true") boolean nullValues,
        @DefaultValue("false") boolean loadAcrossCluster,
        @DefaultValue("30s") Duration loadTimeout,
        @DefaultValue("0") int nearEntries,
        @DefaultValue("5m") Duration nearTtl,
        @DefaultValue Map<String, Own> caches) {

    /**
     * What is otherwise for one cache.
     *
     * @param ttl its time to live
     * @param nullValues whether it keeps null
     * @param loadAcrossCluster whether one node loads a key
     * @param loadTimeout how long the others wait
     * @param nearEntries how many copies are kept here
     * @param nearTtl for how long
     */
    record Own(
            @Nullable Duration ttl,
            @Nullable Boolean nullValues,
            @Nullable Boolean loadAcrossCluster,
            @Nullable Duration loadTimeout,
            @Nullable Integer nearEntries,
            @Nullable Duration nearTtl) {}

    /** The settings of a cache. */
    CacheSettings of(String name) {
        Own own = caches.get(name);
        return own == null
                ? new CacheSettings(ttl, nullValues, loadAcrossCluster, loadTimeout, nearEntries, nearTtl)
                : new CacheSettings(
                        or(own.ttl, ttl),
                        or(own.nullValues, nullValues),
                        or(own.loadAcrossCluster, loadAcrossCluster),
                        or(own.loadTimeout, loadTimeout),
                        or(own.nearEntries, nearEntries),
                        or(own.nearTtl, nearTtl));
    }

    private static <T> T or(@Nullable T own, T all) {
        return own == null ? all : own;
    }
}
