package io.covey.cluster.examples;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Loading;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** However many ask at once for a value that is not there, on however many nodes, one of them loads it. */
public final class LoadingExample {

    record Profile(String name, int age) {}

    /** Slow, and not to be asked twice. */
    private static final class Database {
        private final Map<String, Profile> rows = Map.of("ada", new Profile("Ada", 36));
        private final AtomicInteger asked = new AtomicInteger();

        Optional<Profile> find(String key) {
            asked.incrementAndGet();
            return Optional.ofNullable(rows.get(key));
        }
    }

    public static void main(String[] args) {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) {
        Database database = new Database();
        Loading<Profile> fromDatabase = Loading.of(Duration.ofMinutes(10), database::find)
                .rememberAbsence(Duration.ofSeconds(30))
                .acrossCluster();
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            Cache<Profile> here = one.cache("people", Profile.class);
            Cache<Profile> there = two.cache("people", Profile.class);

            List<CompletableFuture<Optional<Profile>>> asked = Stream.of(here, there, here, there, here, there)
                    .map(cache -> cache.async().get("ada", fromDatabase).toCompletableFuture())
                    .toList();
            out.println("six who asked got " + asked.get(5).join().orElseThrow() + ", all of them: "
                    + asked.stream().allMatch(answer -> answer.join().isPresent()));
            out.println("the database was asked " + database.asked.get() + " time");

            out.println(
                    "nobody: " + here.get("nobody", fromDatabase) + ", again: " + there.get("nobody", fromDatabase));
            out.println("the database was asked " + database.asked.get() + " times");
        }
    }
}
