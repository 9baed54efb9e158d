package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.connections.Connection;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A node has a connection that another node holds do something. */
public final class ConnectionsExample {

    record Login(String user, boolean admin) {}

    static final Procedure<Login, Boolean> LOGIN = Procedure.of("login", Login.class, Boolean.class);

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster one = Cluster.join(config.name("one").build());
                Cluster two = Cluster.join(config.name("two").build())) {
            Verbs verbs = Verbs.none()
                    .on(LOGIN, (connection, login) -> {
                        connection.update(Map.of("user", login.user()));
                        return !login.admin();
                    })
                    .messages(String.class, (connection, text) -> out.println(connection.id() + " gets: " + text));
            Connection socket = Connections.on(two).open("abc123", Map.of(), verbs);

            Connections connections = Connections.on(one);
            boolean ok =
                    connections.apply("abc123", LOGIN, new Login("ada", false)).get();
            out.println("logged in: " + ok);
            connections.send("abc123", "welcome").get();
            connections
                    .list()
                    .forEach(found ->
                            out.println(found.id() + " on " + found.node().name() + " " + found.metadata()));
            socket.close();
            try {
                connections.send("abc123", "anybody?").get();
            } catch (ExecutionException e) {
                out.println(((RpcException) e.getCause()).reason()); // at once, not at the timeout
            }
            out.println("left: " + connections.count());
        }
    }
}
