package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Replies;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.connections.Connections;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cluster call}. */
@Command(
        name = "call",
        description =
                "Calls a procedure of one node or of all, or a verb of a connection. Every node serves ping and info.",
        mixinStandardHelpOptions = true)
final class CallCommand implements Callable<Integer> {
    private static final String CONNECTION = "connection:";

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Parameters(
            index = "0",
            paramLabel = "TARGET",
            description = "all, any, node:ID (or a node's name, if only one has it), connection:ID")
    private String target;

    @Parameters(index = "1", paramLabel = "METHOD", description = "The procedure, such as ping, or the verb")
    private String method;

    @Parameters(index = "2", paramLabel = "JSON", arity = "0..1", description = "The argument", defaultValue = "null")
    private String argument;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long to wait (default ${DEFAULT-VALUE})",
            defaultValue = "5s")
    private Duration timeout;

    @Override
    public Integer call() {
        byte[] bytes = Output.parse("The argument", argument).toString().getBytes(StandardCharsets.UTF_8);
        Procedure<byte[], byte[]> procedure =
                Procedure.of(method, byte[].class, byte[].class).within(timeout);
        try (Cluster cluster = connection.join("cli")) {
            Rpc rpc = Rpc.on(cluster);
            List<Node> others = others(cluster);
            if (target.equals("all")) {
                return all(rpc.callAll(procedure, bytes).join(), cluster.self());
            }
            if (target.equals("any")) {
                return any(rpc, others, procedure, bytes);
            }
            if (target.startsWith(CONNECTION)) {
                return connection(cluster, procedure, bytes);
            }
            return one(rpc.call(target(others), procedure, bytes).join());
        }
    }

    private int connection(Cluster cluster, Procedure<byte[], byte[]> verb, byte[] bytes) {
        String id = target.substring(CONNECTION.length());
        Object value =
                Output.value(Connections.on(cluster).apply(id, verb, bytes).join());
        output.line(id + ": " + value, Output.fields("connection", id, "ok", true, "result", value));
        return 0;
    }

    /** The members but this command's own node, which nobody wants to hear of. */
    private static List<Node> others(Cluster cluster) {
        List<Node> others = new ArrayList<>(cluster.members().refresh());
        others.remove(cluster.self());
        if (others.isEmpty()) {
            throw new ClusterException(
                    "No node is in the cluster at " + cluster.transport().description());
        }
        Collections.shuffle(others);
        return others;
    }

    private int any(Rpc rpc, List<Node> others, Procedure<byte[], byte[]> procedure, byte[] bytes) {
        CompletionException last = null;
        for (Node node : others) {
            try {
                return one(rpc.call(Target.node(node.id()), procedure, bytes).join());
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof RpcException refused)
                        || !refused.reason().didNotRun()) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    private int one(Reply<byte[]> reply) {
        answered(reply.from(), reply.value());
        return 0;
    }

    private int all(Replies<byte[]> replies, Node self) {
        replies.answers().forEach((node, value) -> {
            if (!node.equals(self)) {
                answered(node, value);
            }
        });
        replies.failures().forEach((node, failure) -> {
            if (!node.equals(self)) {
                output.line(
                        node.name() + ": " + failure.getMessage(),
                        Output.fields("node", node.id(), "ok", false, "error", failure.getMessage()));
            }
        });
        boolean failed = replies.failures().keySet().stream().anyMatch(node -> !node.equals(self));
        return failed ? 1 : 0;
    }

    private void answered(Node node, byte[] bytes) {
        Object value = Output.value(bytes);
        output.line(node.name() + ": " + value, Output.fields("node", node.id(), "ok", true, "result", value));
    }

    private Target target(List<Node> others) {
        int colon = target.indexOf(':');
        String kind = colon < 0 ? target : target.substring(0, colon);
        String key = target.substring(colon + 1);
        return switch (kind) {
            case "node" -> Target.node(nodeId(others, key));
            default ->
                throw new IllegalArgumentException(
                        "A target is all, any, node:ID or connection:ID, was \"" + target + "\"");
        };
    }

    private static String nodeId(List<Node> others, String key) {
        List<Node> named =
                others.stream().filter(node -> node.name().equals(key)).toList();
        return named.size() == 1 ? named.get(0).id() : key;
    }
}
