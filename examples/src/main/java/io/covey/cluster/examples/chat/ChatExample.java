package io.covey.cluster.examples.chat;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A web chat. Each port is a node of its own, in this process or, on Redis, in as many as you like:
 *
 * <pre>{@code
 * bin/chat local: 8081 8082
 * COVEY_TOKEN=… bin/chat redis+lettuce://127.0.0.1:6379 8081
 * COVEY_TOKEN=… bin/chat redis+lettuce://127.0.0.1:6379 8082
 * }</pre>
 *
 * <p>The messages between nodes are signed, hence the token: the same long random text for each of them.
 */
public final class ChatExample {

    public static void main(String[] args) throws IOException {
        String uri = args.length > 0 ? args[0] : "local:";
        List<String> ports = args.length > 1 ? List.of(args).subList(1, args.length) : List.of("8081", "8082");
        Deque<ChatServer> open = new ConcurrentLinkedDeque<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> open.forEach(ChatServer::close)));
        for (String port : ports) {
            ChatServer server = start(ClusterConfig.builder(uri), Integer.parseInt(port));
            open.push(server);
            System.out.println(server.url());
        }
    }

    /** A node with its web server. */
    static ChatServer start(ClusterConfig.Builder config, int port) throws IOException {
        ChatServer server = ChatServer.bind(port);
        try {
            server.serve(Cluster.join(config.name("chat-" + server.port())
                    .metadata("url", server.url()) // so that a browser whose node dies knows where to go
                    .beat(Duration.ofSeconds(1)) // whoever is killed is gone after 3 s, not after 15 s
                    .build()));
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }
}
