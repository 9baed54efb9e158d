package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Node;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A node hears who comes and goes, and finds who holds what. */
public final class MembersExample {

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        config.beat(Duration.ofMillis(300)); // the default of 5 s is too long for an example
        CountDownLatch joined = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (Cluster ada = Cluster.join(config.name("ada").build())) {
            ada.members().onChange((change, node) -> {
                out.println(node.name() + " " + change);
                switch (change) {
                    case JOINED -> joined.countDown();
                    case LEFT, DIED -> left.countDown();
                }
            });
            ClusterConfig settings = config.name("bob").metadata("zone", "b").build();
            try (Cluster bob = Cluster.join(settings)) {
                joined.await(2, TimeUnit.SECONDS);
                for (Node node : ada.members().list()) {
                    out.println("alive: " + node.name() + " " + node.metadata());
                }
                out.println("leads: " + bob.members().leader().name());
                bob.owners().hold("connection", "abc123", Map.of("user", "ada"));
                out.println("held by " + holder(ada));
            }
            left.await(2, TimeUnit.SECONDS);
            out.println("held by " + holder(ada));
        }
    }

    private static String holder(Cluster cluster) {
        return cluster.owners().find("connection", "abc123").map(Node::name).orElse("nobody");
    }
}
