package io.covey.cluster.core.near;

import io.covey.cluster.NearOptions;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The near-caches of a node, one for each name of a cache. */
public final class NearCaches implements AutoCloseable {
    private record Open(NearCache<?> near, Object codec, NearNews news) {}

    private final NodeContext node;
    private final Map<String, Open> byName = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param node the node
     */
    public NearCaches(NodeContext node) {
        this.node = node;
    }

    /**
     * The near-cache of a name, which is made when it is first asked for.
     *
     * @param <T> what an entry is here, the same for the same codec
     * @param name the cache's
     * @param prefix what its keys begin with in the store
     * @param store where its entries are
     * @param codec how they are decoded
     * @param form how they look
     * @param options how much is kept and for how long
     * @return the one of this node
     * @throws IllegalArgumentException if there is one of another codec or with other options
     */
    @SuppressWarnings("unchecked")
    public <T> NearCache<T> open(
            String name, String prefix, CacheStore store, Object codec, Form<T> form, NearOptions options) {
        Open open = byName.computeIfAbsent(name, first -> {
            NearCache<T> made = new NearCache<>(node, store, form, options);
            return new Open(made, codec, NearNews.start(node, name, prefix, made));
        });
        if (!open.codec().equals(codec) || !open.near().options().equals(options)) {
            throw new IllegalArgumentException("Cache " + name + " keeps near copies on this node already, by "
                    + open.near().options() + (open.codec().equals(codec) ? "" : " and of another codec")
                    + ": ask for it with equal options and the same codec object, or without near copies");
        }
        return (NearCache<T>) open.near();
    }

    /**
     * The near-cache of a name.
     *
     * @param name the cache's
     * @return null if this node keeps no copies of it
     */
    public @Nullable NearCache<?> of(String name) {
        Open open = byName.get(name);
        return open == null ? null : open.near();
    }

    @Override
    public void close() {
        byName.values().forEach(open -> open.news().close());
    }
}
