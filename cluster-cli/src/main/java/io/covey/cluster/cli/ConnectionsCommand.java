package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Owners.Owned;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster connections}. */
@Command(
        name = "connections",
        description = "Which connections of clients there are, and which node holds each.",
        mixinStandardHelpOptions = true)
final class ConnectionsCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "List at most this many (default ${DEFAULT-VALUE})",
            converter = Counts.Many.class,
            defaultValue = "1000")
    private long limit;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            cluster.owners().list("connection").limit(limit).forEach(this::line);
            output.text(cluster.owners().count("connection") + " connections at "
                    + cluster.transport().description());
            output.flush();
            return 0;
        }
    }

    private void line(Owned owned) {
        output.row(
                "%s on %s (%s)  %s"
                        .formatted(
                                Columns.name(owned.key(), 40),
                                Output.shown(owned.node().name()),
                                Output.shown(owned.node().id()),
                                Output.shown(owned.metadata())),
                Output.fields(
                        "connection", owned.key(),
                        "node", owned.node().id(),
                        "name", owned.node().name(),
                        "metadata", owned.metadata()));
    }
}
