package io.covey.cluster.spring.cache;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.LoadException;
import io.covey.cluster.Loading;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.support.AbstractValueAdaptingCache;
import org.springframework.cache.support.NullValue;

/**
 * One of the cluster's caches as Spring has them, its values of one type. An entry that cannot be read, of an older version
 * of the application for example, counts as missing and is written over.
 */
final class SharedCache extends AbstractValueAdaptingCache {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCache.class);

    private final Cluster cluster;
    private final String name;
    private final CacheSettings settings;
    private final io.covey.cluster.Cache<Object> values;

    SharedCache(Cluster cluster, String name, Type type, CacheSettings settings) {
        super(settings.nullValues());
        this.cluster = cluster;
        this.name = name;
        this.settings = settings;
        this.values = cluster.cache(name, new CacheFormat(cluster, type), settings.options());
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Object getNativeCache() {
        return values;
    }

    @Override
    protected @Nullable Object lookup(Object key) {
        return read(values, CacheKeys.of(key)).orElse(null);
    }

    private Optional<Object> read(io.covey.cluster.Cache<Object> from, String key) {
        try {
            return from.get(key);
        } catch (CodecException e) {
            return unreadable(e);
        }
    }

    private static Optional<Object> unreadable(CodecException e) {
        LOG.warn("{}; it counts as missing", e.getMessage());
        return Optional.empty();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        if (type == null) {
            return (T) fromStoreValue(lookup(key));
        }
        io.covey.cluster.Cache<Object> typed = cluster.cache(name, new CacheFormat(cluster, type));
        return type.cast(fromStoreValue(read(typed, CacheKeys.of(key)).orElse(null)));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, Callable<T> loader) {
        String text = CacheKeys.of(key);
        try {
            return (T) fromStoreValue(load(text, () -> loaded(loader.call())));
        } catch (LoadException e) {
            Throwable cause = e.getCause();
            throw new ValueRetrievalException(key, loader, cause == null ? e : cause);
        }
    }

    private @Nullable Object load(String key, Callable<Optional<Object>> loader) {
        AtomicBoolean ran = new AtomicBoolean();
        Loading<Object> loading = loading(loader, ran);
        try {
            return values.get(key, loading).orElse(null);
        } catch (CodecException e) {
            if (ran.get()) {
                throw e;
            }
            unreadable(e);
            values.remove(key);
            return values.get(key, loading).orElse(null);
        }
    }

    /** Tells whether the loader ran: then what cannot be read is what it made, and it would make the same again. */
    private Loading<Object> loading(Callable<Optional<Object>> loader, AtomicBoolean ran) {
        return settings.loading(same -> {
            ran.set(true);
            return loader.call();
        });
    }

    /** What a loader found, empty if it is not to be kept. */
    private Optional<Object> loaded(@Nullable Object value) {
        if (value == null) {
            return isAllowNullValues() ? Optional.of(NullValue.INSTANCE) : Optional.empty();
        }
        return Optional.of(value);
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        return values.async()
                .get(CacheKeys.of(key))
                .exceptionally(SharedCache::unreadableOrThrow)
                .thenApply(found -> found.map(this::toValueWrapper).orElse(null))
                .toCompletableFuture();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        String text = CacheKeys.of(key);
        AtomicBoolean ran = new AtomicBoolean();
        Loading<Object> loading = loading(() -> loaded(joined(loader)), ran);
        return values.async()
                .get(text, loading)
                .exceptionallyCompose(thrown -> unwrap(thrown) instanceof CodecException e && !ran.get()
                        ? loadOver(text, loading, e)
                        : CompletableFuture.failedStage(thrown))
                .thenApply(found -> (T) fromStoreValue(found.orElse(null)))
                .exceptionallyCompose(SharedCache::withoutWrapping)
                .toCompletableFuture();
    }

    private CompletionStage<Optional<Object>> loadOver(String key, Loading<Object> loading, CodecException e) {
        unreadable(e);
        return values.async().remove(key).thenCompose(removed -> values.async().get(key, loading));
    }

    private static Optional<Object> unreadableOrThrow(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof CodecException e) {
            return unreadable(e);
        }
        throw new CompletionException(cause);
    }

    private static <T> CompletableFuture<T> withoutWrapping(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        return CompletableFuture.failedFuture(
                cause instanceof LoadException && cause.getCause() != null ? cause.getCause() : cause);
    }

    private static <T> T joined(Supplier<CompletableFuture<T>> loader) throws Exception {
        try {
            return loader.get().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        values.put(CacheKeys.of(key), toStoreValue(value));
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        String text = CacheKeys.of(key);
        Object stored = toStoreValue(value);
        while (!values.putIfAbsent(text, stored, settings.life())) {
            try {
                Optional<Object> there = values.get(text);
                if (there.isPresent()) { // else it has expired since
                    return toValueWrapper(there.get());
                }
            } catch (CodecException e) {
                unreadable(e);
                values.remove(text);
            }
        }
        return null;
    }

    @Override
    public void evict(Object key) {
        values.remove(CacheKeys.of(key));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        return values.remove(CacheKeys.of(key));
    }

    @Override
    public void clear() {
        values.clear("");
    }

    @Override
    public boolean invalidate() {
        return values.clear("") > 0;
    }
}
