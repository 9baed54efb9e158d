package io.covey.cluster.core.cache;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Codec;
import io.covey.cluster.core.near.NearCaches;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Names;

/** The caches of a node, and what those of one name share. */
public final class Caches implements AutoCloseable {
    private final NodeContext node;
    private final Flights flights;
    private final NearCaches near;

    /**
     * Opens none yet.
     *
     * @param node the node
     */
    public Caches(NodeContext node) {
        this.node = node;
        this.flights = new Flights(node);
        this.near = new NearCaches(node);
    }

    /**
     * A cache.
     *
     * @param <V> the type of the values
     * @param name its name
     * @param codec the format of the values
     * @param options how it behaves
     * @return a new object; what it stands for is shared by all of one name
     */
    public <V> Cache<V> cache(String name, Codec<V> codec, CacheOptions options) {
        CacheStore store = node.require(node.transport().cache(), "cache");
        CacheForm<V> form = new CacheForm<>(
                Names.check("cache name", name), codec, node.config().maxValueBytes(), node.clock());
        Shelf<V> shelf = new Shelf<>(node, store, form, options, near(store, form, options), flights);
        return new TypedCache<>(shelf, new LoadingReads<>(shelf));
    }

    private <V> NearLayer<V> near(CacheStore store, CacheForm<V> form, CacheOptions options) {
        return new NearLayer<>(
                form.name(),
                near,
                options.near()
                        .map(how -> near.open(form.name(), form.prefix(""), store, form.codec(), form, how))
                        .orElse(null));
    }

    /** Ends the listening to changes; near copies are not read any more. */
    @Override
    public void close() {
        near.close();
    }
}
