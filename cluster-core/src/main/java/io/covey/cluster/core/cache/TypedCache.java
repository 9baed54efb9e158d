package io.covey.cluster.core.cache;

import io.covey.cluster.AsyncCache;
import io.covey.cluster.Cache;
import io.covey.cluster.EntryInfo;
import io.covey.cluster.Loading;
import io.covey.cluster.NearStats;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A cache whose callers wait. */
final class TypedCache<V> implements Cache<V> {
    private final Shelf<V> shelf;
    private final LoadingReads<V> loading;

    TypedCache(Shelf<V> shelf, LoadingReads<V> loading) {
        this.shelf = shelf;
        this.loading = loading;
    }

    @Override
    public String name() {
        return shelf.form().name();
    }

    @Override
    public Optional<V> get(String key) {
        Found<V> copy = shelf.copy(key);
        return copy != null ? copy.value() : await(shelf.find(key)).flatMap(Found::value);
    }

    @Override
    public Optional<V> get(String key, Loading<V> how) {
        loading.check(how);
        Found<V> copy = shelf.copy(key);
        Optional<Found<V>> found = copy != null ? Optional.of(copy) : await(shelf.find(key));
        return found.isPresent() ? loading.seen(key, found.get(), how) : loading.load(key, how);
    }

    @Override
    public Optional<Entry<V>> getEntry(String key) {
        // Not from a copy: a compare-and-set that starts with an old version is lost.
        return await(shelf.find(key)).flatMap(found -> found.value().map(value -> new Entry<>(value, found.version())));
    }

    @Override
    public Optional<EntryInfo> info(String key) {
        return await(shelf.info(key));
    }

    @Override
    public Map<String, V> getAll(Collection<String> keys) {
        return await(shelf.findAll(keys));
    }

    @Override
    public void put(String key, V value) {
        await(shelf.put(key, value, shelf.expiry(), new Match.Any()));
    }

    @Override
    public void put(String key, V value, Duration ttl) {
        await(shelf.put(key, value, shelf.after(key, ttl), new Match.Any()));
    }

    @Override
    public void putAll(Map<String, V> values) {
        await(shelf.putAll(values, shelf.expiry()));
    }

    @Override
    public void putAll(Map<String, V> values, Duration ttl) {
        await(shelf.putAll(values, new Expiry.After(CacheRules.ttl(() -> "Cache " + name(), ttl))));
    }

    @Override
    public boolean putIfAbsent(String key, V value, Duration ttl) {
        return await(shelf.put(key, value, shelf.after(key, ttl), new Match.Absent()));
    }

    @Override
    public boolean replace(String key, Entry<V> expected, V value) {
        return await(shelf.put(key, value, new Expiry.Keep(), new Match.Version(expected.version())));
    }

    @Override
    public boolean replace(String key, V expected, V value) {
        return await(shelf.replace(key, expected, value));
    }

    @Override
    public boolean touch(String key, Duration ttl) {
        return await(shelf.touch(key, ttl));
    }

    @Override
    public Optional<V> getAndTouch(String key, Duration ttl) {
        return await(shelf.getAndTouch(key, ttl));
    }

    @Override
    public boolean remove(String key) {
        return await(shelf.remove(key));
    }

    @Override
    public Stream<String> keys(String prefix) {
        return shelf.stored(prefix).distinct().map(shelf.form()::key);
    }

    @Override
    public long size() {
        try (Stream<String> keys = keys("")) {
            return keys.count();
        }
    }

    @Override
    public long clear(String prefix) {
        return await(shelf.clear(prefix));
    }

    @Override
    public long dump(Path file) {
        return new Dump(shelf).write(file);
    }

    @Override
    public long load(Path file) {
        return new Restore(shelf).read(file);
    }

    @Override
    public Optional<NearStats> nearStats() {
        return shelf.near().stats();
    }

    @Override
    public AsyncCache<V> async() {
        return new TypedAsyncCache<>(shelf, loading);
    }

    private <A, B> B await(Step<A, B> step) {
        return step.await(shelf.node());
    }
}
