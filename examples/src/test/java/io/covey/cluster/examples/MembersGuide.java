package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterClock;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** The code of docs/members.md, so that it compiles. */
final class MembersGuide {
    private static final Logger log = Logger.getLogger("guide");
    private static final AtomicBoolean sweeping = new AtomicBoolean();

    private MembersGuide() {}

    static Cluster join() {
        ClusterConfig config = ClusterConfig.builder("redis://localhost:6379")
                .name("web")
                .metadata("zone", "b")
                .beat(Duration.ofSeconds(1)) // default 5 s; dead after three
                .build();
        Cluster cluster = Cluster.join(config);
        return cluster;
    }

    static void listen(Cluster cluster) {
        cluster.members().onChange((change, node) -> {
            switch (change) {
                case JOINED -> log.info(node.name() + " is there");
                case SUSPECTED -> log.info(node.name() + " is late: spare it");
                case RESUMED -> log.info(node.name() + " beats again");
                case LEFT -> log.info(node.name() + " said goodbye");
                case DIED -> log.warning(node.name() + " is dead");
                default -> log.info(node.name() + " " + change);
            }
        });
        List<Node> alive = cluster.members().list(); // oldest first
        List<Node> late = cluster.members().suspected();
    }

    static void lead(Cluster cluster) throws InterruptedException {
        cluster.members().onLeader(leader -> sweeping.set(leader.equals(cluster.self())));
        Optional<Lock.Held> leading =
                cluster.lock("leader").tryLock(Duration.ofMinutes(5), reason -> sweeping.set(false));
    }

    static void clock(Cluster cluster) {
        ClusterClock clock = cluster.clock();
        Instant now = clock.instant(); // the backend's time
        Duration wrong = clock.offset(); // how far this machine is behind it
        Duration atMost = clock.error(); // how far the estimate may be off
    }
}
