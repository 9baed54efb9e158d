package io.covey.cluster.core.local;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ListStore;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The lists as one connection sees them. */
final class LocalListStore implements ListStore {
    private final LocalTransport transport;
    private final ListTable table;

    LocalListStore(LocalTransport transport, ListTable table) {
        this.transport = transport;
        this.table = table;
    }

    @Override
    public CompletionStage<Long> push(Call call, String list, List<byte[]> items, Side side, Bound bound) {
        return transport.call(() -> table.push(call, list, items, side, bound));
    }

    @Override
    public CompletionStage<List<byte[]>> pop(Call call, String list, int most, Side side) {
        return transport.call(() -> table.pop(call, list, most, side));
    }

    @Override
    public CompletionStage<List<byte[]>> range(String list, long from, int most) {
        return transport.call(() -> table.range(list, from, most));
    }

    @Override
    public CompletionStage<Long> length(String list) {
        return transport.call(() -> table.length(list));
    }

    @Override
    public CompletionStage<Boolean> remove(String list) {
        return transport.call(() -> table.remove(list));
    }
}
