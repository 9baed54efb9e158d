package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster nodes}. */
@Command(name = "nodes", description = "Who is in the cluster now.", mixinStandardHelpOptions = true)
final class NodesCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            List<Node> others = cluster.members().refresh().stream()
                    .filter(node -> !node.id().equals(cluster.self().id()))
                    .toList();
            for (Node node : others) {
                output.row(
                        "%s %s up %-7s %s"
                                .formatted(
                                        Columns.name(node.name(), 16),
                                        Columns.name(node.pid() + "@" + node.host(), 28),
                                        Ages.between(
                                                node.joinedAt(), cluster.clock().instant()),
                                        Output.shown(node.id())),
                        Output.fields(
                                "node", node.id(),
                                "name", node.name(),
                                "host", node.host(),
                                "pid", node.pid(),
                                "joined", node.joinedAt().toString(),
                                "metadata", node.metadata()));
            }
            if (others.isEmpty()) {
                output.text(
                        "No node is in the cluster at " + cluster.transport().description());
            }
            output.flush();
            return 0;
        }
    }
}
