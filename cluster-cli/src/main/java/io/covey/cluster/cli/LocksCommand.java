package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Node;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LeaseStore;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster locks}. */
@Command(
        name = "locks",
        description = "Locks and permits of semaphores that are held now, and by which node.",
        mixinStandardHelpOptions = true)
final class LocksCommand implements Runnable {
    private static final int PAGE = 500;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: locks list, or locks release");
    }

    /** What is held. */
    private enum Kind {
        LOCK("lock"),
        SEMAPHORE("semaphore");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        LeaseStore store(Cluster cluster) {
            Optional<? extends LeaseStore> store = this == LOCK
                    ? cluster.transport().locks()
                    : cluster.transport().semaphores();
            return store.orElseThrow(() -> new ClusterException(
                    "The transport " + cluster.transport().description() + " has no " + word + "s"));
        }
    }

    @Command(
            name = "list",
            description =
                    "One line for each: what, its name, the node, its process, the fence, and for how long its lease "
                            + "still runs unless it is renewed; then the owner, by which release names it.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            description = "How many at most (default ${DEFAULT-VALUE})",
                            converter = Counts.Some.class,
                            defaultValue = "1000")
                    int limit,
            @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "Only names that start with it") @Nullable
                    String prefix) {
        try (Cluster cluster = connection.join("cli")) {
            Map<String, Node> nodes = new HashMap<>();
            cluster.members().refresh().forEach(node -> nodes.put(node.id(), node));
            String begin = prefix == null ? "" : prefix;
            long found = list(cluster, output, Kind.LOCK, begin, limit, nodes);
            if (found <= limit && cluster.transport().semaphores().isPresent()) {
                found += list(cluster, output, Kind.SEMAPHORE, begin, limit - found, nodes);
            }
            if (found > limit) {
                output.error("cluster locks: there are more than " + limit + "; --limit shows them");
            }
            if (found == 0) {
                output.text("Nothing is held at " + cluster.transport().description());
            }
            output.flush();
            return 0;
        }
    }

    /** How many there are; one more than the limit if there are more. */
    private static long list(
            Cluster cluster, Output output, Kind kind, String prefix, long limit, Map<String, Node> nodes) {
        LeaseStore store = kind.store(cluster);
        Iterator<Holding> found = Page.stream(cursor -> Await.on(
                        store.holdings(prefix, cursor, PAGE),
                        cluster.config().transport().patience(),
                        "list the " + kind.word + "s"))
                .iterator();
        long shown = 0;
        for (; shown < limit && found.hasNext(); shown++) {
            Holding held = found.next();
            line(output, kind, held, nodes.get(nodeId(held)));
        }
        return found.hasNext() ? shown + 1 : shown;
    }

    /** An owner is a node and one of its wishes. */
    private static String nodeId(Holding held) {
        int colon = held.owner().lastIndexOf(':');
        return colon < 0 ? held.owner() : held.owner().substring(0, colon);
    }

    private static void line(Output output, Kind kind, Holding held, @Nullable Node node) {
        Map<String, Object> fields = Output.fields("kind", kind.word, "name", held.name(), "owner", held.owner());
        if (node != null) {
            fields.put("node", node.id());
            fields.put("nodeName", node.name());
            fields.put("pid", node.pid());
        }
        held.fence().ifPresent(fence -> fields.put("fence", fence));
        fields.put("leftMillis", held.left().toMillis());
        output.row(
                "%-9s %s %s %s left %s  %s"
                        .formatted(
                                kind.word,
                                Columns.name(held.name(), 32),
                                Columns.name(
                                        node == null
                                                ? "(a node that is gone)"
                                                : node.name() + " " + node.pid() + "@" + node.host(),
                                        32),
                                held.fence().isPresent()
                                        ? "fence " + held.fence().getAsLong()
                                        : "",
                                Ages.of(held.left()),
                                Output.shown(held.owner())),
                fields);
    }

    @Command(
            name = "release",
            description = {
                "Takes a lock or a permit from an owner that will not let it go. If it has changed hands since, nothing happens.",
                "The owner hears of it when it renews its lease; until then it works on, so that what the lock guards is "
                        + "safe only if it checks the fence. A dead owner's lock is free by itself when its lease ends."
            },
            mixinStandardHelpOptions = true)
    int release(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--owner", paramLabel = "OWNER", required = true, description = "As list prints it")
                    String owner,
            @Option(names = "--semaphore", description = "It is a permit of a semaphore") boolean semaphore,
            @Parameters(paramLabel = "NAME", description = "Of the lock or semaphore") String name) {
        Kind kind = semaphore ? Kind.SEMAPHORE : Kind.LOCK;
        try (Cluster cluster = connection.join("cli")) {
            boolean released = Await.on(
                    kind.store(cluster).release(name, owner),
                    cluster.config().transport().patience(),
                    "release the " + kind.word + " " + name);
            output.line(
                    released
                            ? "released " + name
                            : "not released: " + owner + " does not hold the " + kind.word + " " + name,
                    Output.fields("ok", released, "kind", kind.word, "name", name, "owner", owner));
            return released ? 0 : 1;
        }
    }
}
