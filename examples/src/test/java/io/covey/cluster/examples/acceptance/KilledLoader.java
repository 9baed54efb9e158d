package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Loading;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program that loads a value, alone in the cluster, and does not get to its end before it is killed. */
final class KilledLoader {
    static final Duration BEAT = Duration.ofMillis(500);

    private KilledLoader() {}

    /** URI, namespace. */
    public static void main(String[] args) {
        ClusterConfig.Builder config =
                ClusterConfig.builder(args[0]).namespace(args[1]).taskNamespace(args[1]);
        try (Cluster cluster = Cluster.join(config.name("victim").beat(BEAT).build())) {
            Cache<String> begun = cluster.cache("begun", String.class);
            cluster.cache("texts", String.class)
                    .get(
                            "a",
                            Loading.<String>of(Duration.ofHours(1), key -> {
                                        begun.put(key, "victim");
                                        new CountDownLatch(1).await(1, TimeUnit.HOURS);
                                        return Optional.of("victim");
                                    })
                                    .acrossCluster());
        }
    }
}
