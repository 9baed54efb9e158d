package io.covey.cluster.spring.cache;

import io.covey.cluster.Cluster;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * The caches of a cluster for Spring. What stands in the backend is the same as with
 * {@link Cluster#cache(String, Class)}, but that texts are JSON: no class names, so that classes may move, and nothing that
 * somebody else wrote chooses a class. Thread-safe.
 *
 * <p>The type of a value that is read is what the annotated method returns, see {@link TypedCacheResolver}. Who asks this
 * object itself knows the type and says it, {@code cache.get(key, Profile.class)}; without it, values are what JSON has:
 * maps, lists, numbers and texts.
 */
public final class ClusterCacheManager implements CacheManager {
    private final Cluster cluster;
    private final Set<String> fixed;
    private final Function<String, CacheSettings> settings;
    private final Map<String, Map<Type, Cache>> caches = new ConcurrentHashMap<>();

    ClusterCacheManager(Cluster cluster, Collection<String> fixed, Function<String, CacheSettings> settings) {
        this.cluster = cluster;
        this.fixed = Set.copyOf(fixed);
        this.settings = settings;
    }

    /**
     * A cache whose values are what JSON has, unless their type is said when they are read.
     *
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @return the cache; null if only certain names are allowed and this is none of them
     */
    @Override
    public @Nullable Cache getCache(String name) {
        return getCache(name, Object.class);
    }

    /**
     * A cache of values of one type.
     *
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param type the type
     * @return the cache; null if only certain names are allowed and this is none of them
     */
    public @Nullable Cache getCache(String name, Type type) {
        if (!fixed.isEmpty() && !fixed.contains(name)) {
            return null;
        }
        return caches.computeIfAbsent(name, key -> new ConcurrentHashMap<>())
                .computeIfAbsent(type, key -> new SharedCache(cluster, name, type, settings.apply(name)));
    }

    /** The names that are allowed; if all are, those asked for so far. */
    @Override
    public Collection<String> getCacheNames() {
        return fixed.isEmpty() ? Set.copyOf(caches.keySet()) : fixed;
    }
}
