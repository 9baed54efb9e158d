package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.SharedList;
import io.covey.cluster.Stats;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Two nodes share a list, a list of the newest few, and counters. */
public final class ListsExample {

    record Order(String item, int count) {}

    public static void main(String[] args) {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) {
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            SharedList<Order> orders = one.list("orders", Order.class);
            orders.push(new Order("tea", 1));
            orders.pushAll(List.of(new Order("milk", 2), new Order("cake", 3)));
            out.println("first out: " + two.list("orders", Order.class).pop().orElseThrow());
            out.println("left: " + orders.size() + ", the last " + orders.last(1));

            SharedList<String> recent =
                    two.list("recent", String.class).keeping(2).expiringAfter(Duration.ofHours(1));
            for (String name : List.of("ada", "bob", "cleo")) {
                recent.push(name);
            }
            out.println("recent: " + one.list("recent", String.class).range(0, 10));

            Stats here = one.stats("web");
            Stats there = two.stats("web");
            here.add("hits", 2); // in memory; written once a second and at close
            there.add("hits", 3);
            here.flush();
            there.flush();
            out.println("hits: " + here.read("hits"));
            there.remove(List.of("hits"));
            out.println("all counters: " + here.read());
        }
    }
}
