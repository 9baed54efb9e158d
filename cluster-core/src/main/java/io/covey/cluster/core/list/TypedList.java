package io.covey.cluster.core.list;

import io.covey.cluster.SharedList;
import io.covey.cluster.spi.ListStore.Bound;
import io.covey.cluster.spi.ListStore.Side;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A list of one type over the bytes of a store.
 *
 * @param <E> the type of the items
 */
final class TypedList<E> implements SharedList<E> {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final Shelf<E> shelf;
    private final Bound bound;

    TypedList(Shelf<E> shelf, Bound bound) {
        this.shelf = shelf;
        this.bound = bound;
    }

    @Override
    public String name() {
        return shelf.name();
    }

    @Override
    public SharedList<E> keeping(long most) {
        if (most < 1) {
            throw new IllegalArgumentException(shelf.where() + ": at least 1 item is kept, was " + most);
        }
        return new TypedList<>(shelf, new Bound(OptionalLong.of(most), bound.ttl()));
    }

    @Override
    public SharedList<E> expiringAfter(Duration ttl) {
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    shelf.where() + ": a time to live is between 1 ms and 10 years, was " + ttl);
        }
        return new TypedList<>(shelf, new Bound(bound.most(), Optional.of(ttl)));
    }

    @Override
    public long push(E item) {
        return push(Collections.singletonList(item), Side.END);
    }

    @Override
    public long pushAll(List<E> items) {
        return items.isEmpty() ? size() : push(items, Side.END);
    }

    @Override
    public long pushFirst(E item) {
        return push(Collections.singletonList(item), Side.HEAD);
    }

    private long push(List<E> items, Side side) {
        shelf.count("pushed", items.size());
        List<byte[]> encoded = shelf.encode(items);
        return shelf.pushes()
                .call(call -> shelf.store().push(call, name(), encoded, side, bound), "push to list " + name());
    }

    @Override
    public Optional<E> pop() {
        return pop(1, Side.HEAD).stream().findFirst();
    }

    @Override
    public List<E> pop(int most) {
        return pop(shelf.count("popped", most), Side.HEAD);
    }

    @Override
    public Optional<E> popLast() {
        return pop(1, Side.END).stream().findFirst();
    }

    private List<E> pop(int most, Side side) {
        return shelf.decode(
                shelf.pops().call(call -> shelf.store().pop(call, name(), most, side), "pop from list " + name()));
    }

    @Override
    public List<E> range(long from, int most) {
        if (from < 0) {
            throw new IllegalArgumentException(shelf.where() + ": at least 0 items are skipped, was " + from);
        }
        return read(from, shelf.count("read", most));
    }

    @Override
    public List<E> last(int most) {
        return read(-shelf.count("read", most), most);
    }

    private List<E> read(long from, int most) {
        return shelf.decode(shelf.node().await(() -> shelf.store().range(name(), from, most), "read list " + name()));
    }

    @Override
    public long size() {
        return shelf.node().await(() -> shelf.store().length(name()), "count list " + name());
    }

    @Override
    public boolean clear() {
        return shelf.node().await(() -> shelf.store().remove(name()), "clear list " + name());
    }
}
