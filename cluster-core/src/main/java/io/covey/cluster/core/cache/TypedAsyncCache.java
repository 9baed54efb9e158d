package io.covey.cluster.core.cache;

import io.covey.cluster.AsyncCache;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

final class TypedAsyncCache<V> implements AsyncCache<V> {
    private final NodeContext node;
    private final CacheStore store;
    private final Slots<V> slots;

    TypedAsyncCache(NodeContext node, CacheStore store, Slots<V> slots) {
        this.node = node;
        this.store = store;
        this.slots = slots;
    }

    @Override
    public CompletionStage<Optional<V>> get(String key) {
        String slot = slots.slot(key);
        node.life().ensureOpen();
        return onWorker(store.get(slot), entry -> entry.map(found -> slots.decode(key, found)));
    }

    @Override
    public CompletionStage<Map<String, V>> getAll(Collection<String> keys) {
        List<String> wanted = List.copyOf(keys);
        Set<String> inStore = slots.slots(wanted);
        node.life().ensureOpen();
        if (inStore.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        return onWorker(store.getAll(inStore), entries -> slots.decode(wanted, entries));
    }

    @Override
    public CompletionStage<Void> put(String key, V value, Duration ttl) {
        return onWorker(write(key, value, ttl, new Match.Any()), written -> null);
    }

    @Override
    public CompletionStage<Boolean> putIfAbsent(String key, V value, Duration ttl) {
        return onWorker(write(key, value, ttl, new Match.Absent()), written -> written);
    }

    @Override
    public CompletionStage<Boolean> remove(String key) {
        String slot = slots.slot(key);
        node.life().ensureOpen();
        return onWorker(store.remove(slot, new Match.Any()), removed -> removed);
    }

    private CompletionStage<Boolean> write(String key, V value, Duration ttl, Match match) {
        String slot = slots.slot(key);
        Expiry expiry = new Expiry.After(CacheRules.ttl(slots.where(key), ttl));
        byte[] bytes = slots.encode(key, value);
        node.life().ensureOpen();
        return store.put(slot, bytes, expiry, match);
    }

    /** A failure, too, must leave the transport's thread: {@code thenApplyAsync} would pass it on where it happened. */
    private <A, B> CompletionStage<B> onWorker(CompletionStage<A> stage, Function<A, B> then) {
        return stage.handleAsync(
                (value, thrown) -> {
                    if (thrown != null) {
                        throw new CompletionException(Await.unwrap(thrown));
                    }
                    return then.apply(value);
                },
                node.threads().workers());
    }
}
