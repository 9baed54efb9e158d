package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.io.PrintStream;
import java.util.Map;

/** One node calls any, all, one certain, and the one that holds a connection. Needs COVEY_TOKEN unless local. */
public final class RpcExample {

    record Auth(String user) {}

    static final Procedure<Auth, String> GREET = Procedure.of("connection.greet", Auth.class, String.class);

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster one = Cluster.join(config.name("one").build());
                Cluster two = Cluster.join(config.name("two").build())) {
            for (Cluster node : new Cluster[] {one, two}) {
                String name = node.self().name();
                Rpc.on(node).serve(GREET, (auth, caller) -> "hello " + auth.user() + ", this is " + name);
            }
            two.owners().hold("connection", "abc123", Map.of());
            one.members().refresh(); // knows the other node now, not at the next beat

            Rpc rpc = Rpc.on(one);
            Auth ada = new Auth("ada");
            Reply<String> any = rpc.call(Target.any(), GREET, ada).get();
            out.println("any: " + (any.value().endsWith(any.from().name()) ? "one of them" : any));
            Reply<String> node =
                    rpc.call(Target.node(two.self().id()), GREET, ada).get();
            out.println("node: " + node.value());
            Reply<String> owner =
                    rpc.call(Target.owner("connection", "abc123"), GREET, ada).get();
            out.println("owner: " + owner.value());
            rpc.callAll(GREET, ada).get().atLeast(2).values().stream().sorted().forEach(s -> out.println("all: " + s));
        }
    }
}
