package io.covey.cluster.examples;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import java.io.PrintStream;
import java.time.Duration;

/** Two nodes share values, and only one of two who change the same value at once succeeds. */
public final class CacheExample {

    record Profile(String name, int age) {}

    public static void main(String[] args) {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) {
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            Cache<Profile> here = one.cache("profiles", Profile.class);
            Cache<Profile> there = two.cache("profiles", Profile.class);

            here.put("ada", new Profile("Ada", 36), Duration.ofMinutes(10));
            out.println("there: " + there.get("ada").orElseThrow());

            Cache.Entry<Profile> read = there.getEntry("ada").orElseThrow();
            boolean first = here.replace("ada", read, new Profile("Ada", 37));
            boolean second = there.replace("ada", read, new Profile("Ada", 63)); // somebody was faster
            out.println("replaced here: " + first + ", there: " + second);

            boolean added = there.putIfAbsent("ada", new Profile("Another", 1), Duration.ofMinutes(1));
            out.println("added: " + added + ", still " + there.get("ada").orElseThrow());

            out.println("removed: " + here.remove("ada") + ", left: " + there.size());
        }
    }
}
