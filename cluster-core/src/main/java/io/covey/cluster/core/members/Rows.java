package io.covey.cluster.core.members;

import io.covey.cluster.Codec;
import io.covey.cluster.Node;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Page;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The members' rows in the directory. Blocks; for the thread of the heartbeat. */
final class Rows {
    private static final Logger LOG = LoggerFactory.getLogger(Rows.class);
    private static final int PAGE = 500;
    private static final int FEW = 8;

    private final NodeContext node;
    private final Directory directory;
    private final Codec<Node> codec = Codecs.of(Node.class);

    Rows(NodeContext node, Directory directory) {
        this.node = node;
        this.directory = directory;
    }

    void putSelf() {
        Node self = node.self();
        Row row = new Row(Directory.NODES, self.id(), self.id(), codec.encode(self));
        node.await(() -> directory.put(row), "write the row of node " + self.id());
    }

    /** Reads the rows of some nodes; one that has not written its row yet is left out. */
    Map<String, Node> read(Set<String> ids) {
        Map<String, Node> nodes = new HashMap<>();
        if (ids.size() <= FEW) {
            for (String id : ids) {
                node.await(() -> directory.find(Directory.NODES, id), "read the row of node " + id)
                        .ifPresent(row -> decode(row).ifPresent(found -> nodes.put(id, found)));
            }
            return nodes;
        }
        Page.stream(cursor -> node.await(() -> directory.page(Directory.NODES, cursor, PAGE), "list the nodes"))
                .filter(row -> ids.contains(row.member()))
                .forEach(row -> decode(row).ifPresent(found -> nodes.put(row.member(), found)));
        return nodes;
    }

    boolean died(String id) {
        return node.await(() -> directory.find(Directory.DEAD, id), "look whether node " + id + " died")
                .isPresent();
    }

    /** Removes a silent node with its rows, and first says so, since its rows vanish for all at once. */
    void bury(String id) {
        Row stone = new Row(Directory.DEAD, id, node.self().id(), new byte[0]);
        node.await(() -> directory.put(stone), "mark node " + id + " as dead");
        node.await(() -> directory.bury(id, false), "bury node " + id);
    }

    void forget(String id) {
        node.await(() -> directory.remove(Directory.DEAD, id, node.self().id()), "forget node " + id);
    }

    void burySelf() {
        node.await(() -> directory.bury(node.self().id(), true), "say goodbye");
    }

    private Optional<Node> decode(Row row) {
        try {
            return Optional.of(Codecs.decode(codec, row.data(), "Row of node " + row.member()));
        } catch (RuntimeException e) {
            LOG.warn("{}; the node is not listed", e.getMessage());
            return Optional.empty();
        }
    }
}
