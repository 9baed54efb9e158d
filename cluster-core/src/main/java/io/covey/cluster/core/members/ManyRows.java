package io.covey.cluster.core.members;

import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Rows by the hundred, whose calls travel together. Blocks. */
public final class ManyRows {
    /** How many to ask for at a time. */
    public static final int AT_ONCE = 500;

    private final NodeContext node;
    private final Directory directory;

    /**
     * Does nothing yet.
     *
     * @param node the node
     * @param directory where the rows are
     */
    public ManyRows(NodeContext node, Directory directory) {
        this.node = node;
        this.directory = directory;
    }

    /**
     * Looks for rows.
     *
     * @param rows at most {@link #AT_ONCE}
     * @return what is there instead of each
     */
    public List<Optional<Row>> find(List<Row> rows) {
        return all(rows, row -> directory.find(row.group(), row.member()).toCompletableFuture(), "look for");
    }

    /**
     * Writes rows.
     *
     * @param rows at most {@link #AT_ONCE}
     */
    public void put(List<Row> rows) {
        all(rows, row -> directory.put(row).toCompletableFuture(), "write");
    }

    /**
     * Removes rows that belong to their owners.
     *
     * @param rows at most {@link #AT_ONCE}
     * @return which were removed
     */
    public List<Row> remove(List<Row> rows) {
        return all(
                        rows,
                        row -> directory
                                .remove(row.group(), row.member(), row.owner())
                                .toCompletableFuture(),
                        "remove")
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private <T> List<T> all(List<Row> rows, Function<Row, CompletableFuture<T>> call, String verb) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<CompletableFuture<T>> calls = new ArrayList<>(rows.size());
        rows.forEach(row -> calls.add(call.apply(row)));
        node.await(
                () -> CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)),
                () -> verb + " " + rows.size() + " rows of " + rows.get(0).group() + " and others");
        return calls.stream().map(CompletableFuture::join).toList();
    }
}
