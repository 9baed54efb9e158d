package io.covey.cluster.core.cache;

import io.covey.cluster.AsyncCache;
import io.covey.cluster.Cache;
import io.covey.cluster.Codec;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cache of one type over the bytes of a store.
 *
 * @param <V> the type of the values
 */
public final class TypedCache<V> implements Cache<V> {
    private final NodeContext node;
    private final CacheStore store;
    private final Slots<V> slots;

    /**
     * Checks the name.
     *
     * @param node the node
     * @param name the cache's name
     * @param codec the format of the values
     */
    public TypedCache(NodeContext node, String name, Codec<V> codec) {
        this.node = node;
        this.store = node.require(node.transport().cache(), "cache");
        this.slots = new Slots<>(
                Names.check("cache name", name), codec, node.config().maxValueBytes());
    }

    @Override
    public String name() {
        return slots.name();
    }

    @Override
    public Optional<V> get(String key) {
        String slot = slots.slot(key);
        return await(() -> store.get(slot), "get", key).map(entry -> slots.decode(key, entry));
    }

    @Override
    public Optional<Entry<V>> getEntry(String key) {
        String slot = slots.slot(key);
        return await(() -> store.get(slot), "get", key)
                .map(entry -> new Entry<>(slots.decode(key, entry), entry.version()));
    }

    @Override
    public Map<String, V> getAll(Collection<String> keys) {
        List<String> wanted = List.copyOf(keys);
        Collection<String> inStore = slots.slots(wanted);
        if (inStore.isEmpty()) {
            return Map.of();
        }
        return slots.decode(
                wanted, node.await(() -> store.getAll(inStore), "get " + wanted.size() + " keys of cache " + name()));
    }

    @Override
    public void put(String key, V value) {
        put(key, value, new Expiry.Never(), new Match.Any());
    }

    @Override
    public void put(String key, V value, Duration ttl) {
        put(key, value, after(key, ttl), new Match.Any());
    }

    @Override
    public void putAll(Map<String, V> values) {
        putAll(values, new Expiry.Never());
    }

    @Override
    public void putAll(Map<String, V> values, Duration ttl) {
        putAll(values, new Expiry.After(CacheRules.ttl("Cache " + name(), ttl)));
    }

    @Override
    public boolean putIfAbsent(String key, V value, Duration ttl) {
        return put(key, value, after(key, ttl), new Match.Absent());
    }

    @Override
    public boolean replace(String key, Entry<V> expected, V value) {
        return put(key, value, new Expiry.Keep(), new Match.Version(expected.version()));
    }

    @Override
    public boolean touch(String key, Duration ttl) {
        String slot = slots.slot(key);
        Expiry expiry = after(key, ttl);
        return await(() -> store.touch(slot, expiry), "touch", key);
    }

    @Override
    public Optional<V> getAndTouch(String key, Duration ttl) {
        String slot = slots.slot(key);
        Expiry expiry = after(key, ttl);
        return await(() -> store.getAndTouch(slot, expiry), "get and touch", key)
                .map(entry -> slots.decode(key, entry));
    }

    @Override
    public boolean remove(String key) {
        String slot = slots.slot(key);
        return await(() -> store.remove(slot, new Match.Any()), "remove", key);
    }

    @Override
    public Stream<String> keys(String prefix) {
        return KeyPages.stream(node, store, name(), slots.prefix(prefix))
                .distinct()
                .map(slots::key);
    }

    @Override
    public long size() {
        try (Stream<String> keys = keys("")) {
            return keys.count();
        }
    }

    @Override
    public long clear(String prefix) {
        String inStore = slots.prefix(prefix);
        return node.await(() -> store.removeAll(inStore), "clear cache " + name());
    }

    @Override
    public AsyncCache<V> async() {
        return new TypedAsyncCache<>(node, store, slots);
    }

    private boolean put(String key, V value, Expiry expiry, Match match) {
        String slot = slots.slot(key);
        byte[] bytes = slots.encode(key, value);
        return await(() -> store.put(slot, bytes, expiry, match), "put", key);
    }

    private void putAll(Map<String, V> values, Expiry expiry) {
        Map<String, byte[]> encoded = slots.encode(values);
        if (!encoded.isEmpty()) {
            node.await(() -> store.putAll(encoded, expiry), "put " + encoded.size() + " keys of cache " + name());
        }
    }

    private Expiry after(String key, Duration ttl) {
        return new Expiry.After(CacheRules.ttl(slots.where(key), ttl));
    }

    private <T> T await(Supplier<CompletionStage<T>> call, String what, String key) {
        return node.await(call, what + " \"" + Names.printable(key) + "\" of cache " + name());
    }
}
