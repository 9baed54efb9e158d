package io.covey.cluster.core.members;

import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Page;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rows of groups whose owners are alive. Blocks. */
public final class LivingRows {
    private static final int PAGE = 500;

    private final NodeContext node;
    private final Directory directory;
    private final Supplier<Members> members;

    /**
     * Reads nothing yet.
     *
     * @param node the node
     * @param directory where the rows are
     * @param members who is alive
     */
    public LivingRows(NodeContext node, Directory directory, Supplier<Members> members) {
        this.node = node;
        this.directory = directory;
        this.members = members;
    }

    /**
     * A row.
     *
     * @param group the group
     * @param member which
     * @param what what is being done, for messages
     * @return the row, empty if there is none or its owner is not alive
     */
    public Optional<Owned> find(String group, String member, String what) {
        return node.await(() -> directory.find(group, member), what).flatMap(row -> new Eyes().owned(row));
    }

    /**
     * All rows of a group, each once, read page by page.
     *
     * @param group the group
     * @param what what is being done, for messages
     * @return a lazy stream
     */
    public Stream<Owned> stream(String group, String what) {
        Eyes eyes = new Eyes();
        Set<String> seen = new HashSet<>();
        return Page.stream(cursor -> node.await(() -> directory.page(group, cursor, PAGE), what))
                .filter(row -> seen.add(row.member()))
                .flatMap(row -> eyes.owned(row).stream());
    }

    /**
     * A row and its owner.
     *
     * @param row the row
     * @param owner who is alive
     */
    public record Owned(Row row, Node owner) {}

    /** Asks for the members anew when it meets an owner that is not known, but only once. */
    private final class Eyes {
        private boolean refreshed;

        Optional<Owned> owned(Row row) {
            Optional<Node> known = members.get().find(row.owner());
            if (known.isEmpty() && !refreshed) {
                refreshed = true;
                members.get().refresh();
                known = members.get().find(row.owner());
            }
            return known.map(owner -> new Owned(row, owner));
        }
    }
}
