package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Replies;
import io.covey.cluster.rpc.Rpc;
import java.io.PrintStream;

/** actionhero's first example: every node logs a line. Needs COVEY_TOKEN unless local. */
public final class LogOnAllNodesExample {
    static final Procedure<String, Boolean> LOG = Procedure.of("log", String.class, Boolean.class);

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster one = Cluster.join(config.name("one").build());
                Cluster two = Cluster.join(config.name("two").build())) {
            for (Cluster node : new Cluster[] {one, two}) {
                String name = node.self().name();
                Rpc.on(node).serve(LOG, (line, call) -> {
                    out.println(name + " logs: " + line);
                    return true;
                });
            }
            one.members().refresh(); // knows the other node now, not at the next beat

            Replies<Boolean> logged = Rpc.on(one).callAll(LOG, "hello from one").get();
            out.println(logged.answers().size() + " nodes logged it, " + logged.failures() + " did not");
        }
    }
}
