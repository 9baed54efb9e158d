package io.covey.cluster.core.local;

import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The directory as one connection sees it. */
final class LocalDirectory implements Directory {
    private final LocalTransport transport;
    private final MemberTable table;

    LocalDirectory(LocalTransport transport, MemberTable table) {
        this.transport = transport;
        this.table = table;
    }

    @Override
    public CompletionStage<Roster> beat(String owner, Duration lease, long known) {
        return transport.call(() -> table.beat(owner, lease, known));
    }

    @Override
    public CompletionStage<List<Row>> bury(String owner, boolean self) {
        return transport.call(() -> table.bury(owner, self));
    }

    @Override
    public CompletionStage<Optional<Row>> put(Row row) {
        return transport.call(() -> table.put(row));
    }

    @Override
    public CompletionStage<Optional<Row>> remove(String group, String member, String owner) {
        return transport.call(() -> table.remove(group, member, owner));
    }

    @Override
    public CompletionStage<Optional<Row>> find(String group, String member) {
        return transport.call(() -> table.find(group, member));
    }

    @Override
    public CompletionStage<Page<Row>> page(String group, Optional<String> cursor, int limit) {
        return transport.call(() -> table.page(group, cursor, limit));
    }

    @Override
    public CompletionStage<Page<String>> groups(String prefix, Optional<String> cursor, int limit) {
        return transport.call(() -> table.groups(prefix, cursor, limit));
    }

    @Override
    public CompletionStage<Map<String, Long>> counts(Set<String> groups) {
        return transport.call(() -> table.counts(groups));
    }
}
