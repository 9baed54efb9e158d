package io.covey.cluster.core.cache;

import io.covey.cluster.NearStats;
import io.covey.cluster.core.near.Journey;
import io.covey.cluster.core.near.NearCache;
import io.covey.cluster.core.near.NearCaches;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Timed;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a cache object has to do with near copies: those it reads from, if it was asked for with them, and those of its
 * name on this node, which must hear of what it writes and sees.
 *
 * @param <V> the type of the values
 * @param name the cache's
 * @param all the near-caches of this node
 * @param own where this object reads first; null if it always asks the store
 */
record NearLayer<V>(String name, NearCaches all, @Nullable NearCache<Found<V>> own) {

    /** A copy that may be used now; null if the store must be asked. */
    @Nullable
    Found<V> get(String key) {
        // A key that is null is refused with the others that are none.
        return own == null || key == null ? null : own.get(key);
    }

    Optional<NearStats> stats() {
        return Optional.ofNullable(own).map(NearCache::stats);
    }

    /** How to read what there is no copy of; empty if this object keeps none. */
    Optional<Step<Map<String, Timed>, Map<String, Found<V>>>> read(Collection<String> keys, Supplier<String> what) {
        if (own == null) {
            return Optional.empty();
        }
        Journey<Found<V>> journey = own.read(keys);
        return Optional.of(new Step<>(journey::start, journey::end, what));
    }

    /** As {@link #read(Collection, Supplier)} for one key. */
    Optional<Step<Map<String, Timed>, Optional<Found<V>>>> read(String key, Supplier<String> what) {
        return read(List.of(key), what)
                .map(many -> new Step<>(
                        many.ask(),
                        answer -> Optional.ofNullable(many.then().apply(answer).get(key)),
                        what));
    }

    /** Whether anybody keeps copies of what this object writes. */
    boolean concerns() {
        return all.of(name) != null;
    }

    void forget(Collection<String> keys) {
        NearCache<?> near = all.of(name);
        if (near != null) {
            keys.forEach(near::forget);
        }
    }

    void forgetAll(String prefix) {
        NearCache<?> near = all.of(name);
        if (near != null) {
            near.forgetAll(prefix);
        }
    }

    /** This object's readers get an entry from the store. */
    void seen(String key, Optional<Entry> entry) {
        NearCache<?> near = all.of(name);
        if (near != null) {
            near.seen(key, entry.map(Entry::version));
        }
    }
}
