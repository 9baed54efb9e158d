package io.covey.cluster.core.cache;

import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Page;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The keys of a store as they are read, page by page. */
final class KeyPages implements Iterator<String> {
    private static final int PAGE = 500;

    private final NodeContext node;
    private final CacheStore store;
    private final String cache;
    private final String prefix;
    private final Queue<String> read = new ArrayDeque<>();
    private Optional<String> cursor = Optional.empty();
    private boolean last;

    private KeyPages(NodeContext node, CacheStore store, String cache, String prefix) {
        this.node = node;
        this.store = store;
        this.cache = cache;
        this.prefix = prefix;
    }

    static Stream<String> stream(NodeContext node, CacheStore store, String cache, String prefix) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        iterator(node, store, cache, prefix), Spliterator.NONNULL | Spliterator.ORDERED),
                false);
    }

    /** A key may come twice. */
    static Iterator<String> iterator(NodeContext node, CacheStore store, String cache, String prefix) {
        return new KeyPages(node, store, cache, prefix);
    }

    @Override
    public boolean hasNext() {
        while (read.isEmpty() && !last) {
            Page<String> page = node.await(() -> store.scan(prefix, cursor, PAGE), "list the keys of cache " + cache);
            read.addAll(page.items());
            cursor = page.next();
            last = cursor.isEmpty();
        }
        return !read.isEmpty();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return read.remove();
    }
}
