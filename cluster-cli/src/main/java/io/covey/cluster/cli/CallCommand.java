package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.spi.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster call}. */
@Command(
        name = "call",
        description = {
            "Calls a procedure of one node or of all, or a verb of a connection. Every node serves ping and info.",
            "Of all, each answer is printed when it comes; status 1 if one of them failed or was silent."
        },
        mixinStandardHelpOptions = true)
final class CallCommand implements Callable<Integer> {
    private static final String NODE = "node:";
    private static final String CONNECTION = "connection:";

    @Spec
    private CommandSpec spec;

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
            description = "How long to wait for an answer (default ${DEFAULT-VALUE})",
            defaultValue = "5s")
    private Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        if (!target.equals("all")
                && !target.equals("any")
                && !target.startsWith(NODE)
                && !target.startsWith(CONNECTION)) {
            throw new ParameterException(
                    spec.commandLine(), "A target is all, any, node:ID or connection:ID, was \"" + target + "\"");
        }
        byte[] bytes = Output.parse("The argument", argument).toString().getBytes(StandardCharsets.UTF_8);
        Procedure<byte[], byte[]> procedure =
                Procedure.of(method, byte[].class, byte[].class).within(timeout);
        try (Cluster cluster = connection.join("cli")) {
            if (target.startsWith(CONNECTION)) {
                return connection(cluster, procedure, bytes);
            }
            Rpc rpc = Rpc.on(cluster);
            List<Node> others = others(cluster);
            if (target.equals("all")) {
                return all(rpc, others, procedure, bytes);
            }
            if (target.equals("any")) {
                return any(rpc, others, procedure, bytes);
            }
            String id = nodeId(others, target.substring(NODE.length()));
            return one(rpc.call(Target.node(id), procedure, bytes).join());
        }
    }

    private int connection(Cluster cluster, Procedure<byte[], byte[]> verb, byte[] bytes) {
        String id = target.substring(CONNECTION.length());
        Object value =
                Output.value(Connections.on(cluster).apply(id, verb, bytes).join());
        output.whole(id + ": " + value, Output.fields("connection", id, "ok", true, "result", value));
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

    /** What became of the call of one node. */
    private record Answer(
            Node node,
            @Nullable Reply<byte[]> reply,
            @Nullable Throwable thrown) {}

    /** Each by itself, so that a slow one keeps no other's answer back. */
    private int all(Rpc rpc, List<Node> others, Procedure<byte[], byte[]> procedure, byte[] bytes)
            throws InterruptedException {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        for (Node node : others) {
            rpc.call(Target.node(node.id()), procedure, bytes)
                    .whenComplete((reply, thrown) -> answers.add(new Answer(node, reply, thrown)));
        }
        int failures = 0;
        for (int i = 0; i < others.size(); i++) {
            Answer answer = answers.take();
            if (answer.reply() != null) {
                answered(answer.node(), answer.reply().value());
            } else {
                failures++;
                failed(answer.node(), answer.thrown());
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private void answered(Node node, byte[] bytes) {
        Object value = Output.value(bytes);
        output.whole(node.name() + ": " + value, fields(node, true, "result", value));
    }

    private void failed(Node node, @Nullable Throwable thrown) {
        String reason = thrown == null
                ? "no answer"
                : String.valueOf(Await.unwrap(thrown).getMessage());
        output.line(Output.shown(node.name()) + ": FAILED " + reason, fields(node, false, "error", reason));
    }

    private static Map<String, Object> fields(Node node, boolean ok, String what, Object value) {
        return Output.fields("node", node.id(), "name", node.name(), "ok", ok, what, value);
    }

    private static String nodeId(List<Node> others, String key) {
        List<Node> named =
                others.stream().filter(node -> node.name().equals(key)).toList();
        return named.size() == 1 ? named.get(0).id() : key;
    }
}
