package io.covey.cluster.core.cache;

import io.covey.cluster.AsyncCache;
import io.covey.cluster.Loading;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore.Match;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

final class TypedAsyncCache<V> implements AsyncCache<V> {
    private final Shelf<V> shelf;
    private final LoadingReads<V> loading;

    TypedAsyncCache(Shelf<V> shelf, LoadingReads<V> loading) {
        this.shelf = shelf;
        this.loading = loading;
    }

    @Override
    public CompletionStage<Optional<V>> get(String key) {
        Found<V> copy = shelf.copy(key);
        return copy != null
                ? CompletableFuture.completedStage(copy.value())
                : start(shelf.find(key)).thenApply(found -> found.flatMap(Found::value));
    }

    @Override
    public CompletionStage<Optional<V>> get(String key, Loading<V> how) {
        loading.check(how);
        Found<V> copy = shelf.copy(key);
        if (copy != null) {
            return CompletableFuture.completedStage(loading.seen(key, copy, how));
        }
        return start(shelf.find(key))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedStage(loading.seen(key, found.get(), how))
                        : loading.loadAside(key, how));
    }

    @Override
    public CompletionStage<Map<String, V>> getAll(Collection<String> keys) {
        return start(shelf.findAll(keys));
    }

    @Override
    public CompletionStage<Void> put(String key, V value, Duration ttl) {
        return start(shelf.put(key, value, shelf.after(key, ttl), new Match.Any()))
                .thenApply(written -> null);
    }

    @Override
    public CompletionStage<Boolean> putIfAbsent(String key, V value, Duration ttl) {
        return start(shelf.put(key, value, shelf.after(key, ttl), new Match.Absent()));
    }

    @Override
    public CompletionStage<Boolean> remove(String key) {
        return start(shelf.remove(key));
    }

    /** A failure, too, must leave the transport's thread: {@code thenApplyAsync} would pass it on where it happened. */
    private <A, B> CompletionStage<B> start(Step<A, B> step) {
        shelf.node().life().ensureOpen();
        return step.ask()
                .get()
                .handleAsync(
                        (answer, thrown) -> {
                            if (thrown != null) {
                                throw new CompletionException(Await.unwrap(thrown));
                            }
                            return step.then().apply(answer);
                        },
                        shelf.node().threads().workers());
    }
}
