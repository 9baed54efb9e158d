package io.covey.cluster.core.local;

import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.InvalidationSource;
import io.covey.cluster.spi.Page;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The cache as one connection sees it. */
final class LocalCacheStore implements CacheStore {
    private static final Match ANY = new Match.Any();
    private final LocalTransport transport;
    private final Entries entries;
    private final Counters counters;
    private final InvalidationSource invalidations;

    LocalCacheStore(LocalTransport transport, Entries entries, Counters counters) {
        this.transport = transport;
        this.entries = entries;
        this.counters = counters;
        this.invalidations = new LocalInvalidations(transport, entries.watchers());
    }

    @Override
    public CompletionStage<Optional<Entry>> get(String key) {
        return transport.call(() -> entries.get(key));
    }

    @Override
    public CompletionStage<Map<String, Entry>> getAll(Collection<String> keys) {
        return transport.call(() -> all(keys, entries::get));
    }

    @Override
    public CompletionStage<Map<String, Timed>> getAllTimed(Collection<String> keys) {
        return transport.call(() -> all(keys, entries::timed));
    }

    private static <T> Map<String, T> all(Collection<String> keys, Function<String, Optional<T>> one) {
        Map<String, T> found = new LinkedHashMap<>();
        keys.forEach(key -> one.apply(key).ifPresent(entry -> found.put(key, entry)));
        return found;
    }

    @Override
    public CompletionStage<Boolean> put(String key, byte[] value, Expiry expiry, Match match) {
        return transport.call(() -> entries.put(key, value, expiry, match));
    }

    @Override
    public CompletionStage<Void> putAll(Map<String, byte[]> values, Expiry expiry) {
        return transport.run(() -> values.forEach((key, value) -> entries.put(key, value, expiry, ANY)));
    }

    @Override
    public CompletionStage<Boolean> touch(String key, Expiry expiry) {
        return transport.call(() -> entries.touch(key, expiry).isPresent());
    }

    @Override
    public CompletionStage<Optional<Entry>> getAndTouch(String key, Expiry expiry) {
        return transport.call(() -> entries.touch(key, expiry));
    }

    @Override
    public CompletionStage<Map<String, Entry>> getAllAndTouch(Collection<String> keys, Expiry expiry) {
        return transport.call(() -> all(keys, key -> entries.touch(key, expiry)));
    }

    @Override
    public CompletionStage<Boolean> remove(String key, Match match) {
        return transport.call(() -> entries.remove(key, match));
    }

    @Override
    public CompletionStage<Page<String>> scan(String prefix, Optional<String> cursor, int limit) {
        return transport.call(() -> entries.scan(prefix, cursor, limit));
    }

    @Override
    public CompletionStage<Long> removeAll(String prefix) {
        return transport.call(() -> entries.removeAll(prefix));
    }

    @Override
    public Optional<InvalidationSource> invalidations() {
        return Optional.of(invalidations);
    }

    @Override
    public CompletionStage<Void> add(Call call, String namespace, Map<String, Long> deltas) {
        return transport.run(() -> counters.add(call, namespace, deltas));
    }

    @Override
    public CompletionStage<Map<String, Long>> counters(String namespace) {
        return transport.call(() -> counters.read(namespace));
    }

    @Override
    public CompletionStage<Map<String, Long>> counters(String namespace, Collection<String> names) {
        return transport.call(() -> {
            Map<String, Long> all = counters.read(namespace);
            all.keySet().retainAll(Set.copyOf(names));
            return all;
        });
    }

    @Override
    public CompletionStage<Long> removeCounters(String namespace, Collection<String> names) {
        return transport.call(() -> counters.remove(namespace, names));
    }
}
