package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.MessageStats;
import io.covey.cluster.Node;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What every node serves. Nothing of it changes anything. */
public final class BuiltIn {

    /** Answers {@code pong}; the argument is not looked at. */
    public static final Procedure<byte[], String> PING =
            Procedure.of("ping", byte[].class, String.class).idempotent().nonBlocking();

    /** Says who the node is; the argument is not looked at. */
    public static final Procedure<byte[], Info> INFO =
            Procedure.of("info", byte[].class, Info.class).idempotent();

    /** Counts the calls and messages of the node; the argument is not looked at. */
    public static final Procedure<byte[], Stats> STATS =
            Procedure.of("stats", byte[].class, Stats.class).idempotent().nonBlocking();

    static final Set<String> NAMES = Set.of(PING.name(), INFO.name(), STATS.name());

    private BuiltIn() {}

    /**
     * Who a node is.
     *
     * @param id its id
     * @param name its name
     * @param host the machine
     * @param pid the process id there
     * @param java the version of its Java runtime
     * @param uptimeMillis for how long its JVM has been running, in milliseconds
     * @param metadata what the application said of it
     */
    public record Info(
            String id,
            String name,
            String host,
            long pid,
            String java,
            long uptimeMillis,
            Map<String, String> metadata) {}

    /**
     * The calls of a node since its RPC was opened, and its messages since it joined.
     *
     * @param served how many it answered with a result
     * @param failed how many of its handlers threw
     * @param refused how many it refused: busy, unknown, or an argument that cannot be read
     * @param running how many run now
     * @param waiting how many wait for a thread
     * @param begun how many it made itself
     * @param open how many of those have no end yet
     * @param messages what it has sent and heard, on topics and in rooms as well as in calls
     */
    public record Stats(
            long served,
            long failed,
            long refused,
            int running,
            int waiting,
            long begun,
            int open,
            MessageStats messages) {}

    static void serve(Rpc rpc, Cluster cluster, Supplier<Stats> stats) {
        rpc.serve(PING, (argument, call) -> "pong");
        rpc.serve(INFO, (argument, call) -> info(cluster.self()));
        rpc.serve(STATS, (argument, call) -> stats.get());
    }

    private static Info info(Node self) {
        return new Info(
                self.id(),
                self.name(),
                self.host(),
                self.pid(),
                System.getProperty("java.version"),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                self.metadata());
    }
}
