package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import java.lang.management.ManagementFactory;
import java.util.Map;

/** What every node serves. */
public final class BuiltIn {

    /** Answers {@code pong}; the argument is not looked at. */
    public static final Procedure<byte[], String> PING = Procedure.of("ping", byte[].class, String.class);

    /** Says who the node is; the argument is not looked at. */
    public static final Procedure<byte[], Info> INFO = Procedure.of("info", byte[].class, Info.class);

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

    static void serve(Rpc rpc, Cluster cluster) {
        rpc.serve(PING, (argument, caller) -> "pong");
        rpc.serve(INFO, (argument, caller) -> info(cluster.self()));
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
