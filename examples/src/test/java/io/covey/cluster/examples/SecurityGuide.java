package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Rejection;
import io.covey.cluster.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The code of docs/security.md. */
final class SecurityGuide {

    private SecurityGuide() {}

    static Cluster join() {
        ClusterConfig config = ClusterConfig.builder("redis://localhost:6379")
                .tokenFile(Path.of("/run/secrets/covey.token"))
                .secured("/admin")
                .build();
        Cluster cluster = Cluster.join(config);
        return cluster;
    }

    static Map<Rejection, Long> look(Cluster cluster) {
        Map<Rejection, Long> rejected = cluster.health().rejected(); // {SIZE=0, VERSION=0, …, MAC=3, …}
        return rejected;
    }

    static List<String> rotate(Cluster cluster, Secret old, Secret fresh) {
        cluster.tokens().accept(fresh); // 1, on every node
        cluster.tokens().signWith(fresh); // 2, when every node has done 1
        cluster.tokens().refuse(old); // 3, when every node has done 2 and no call of before is left
        List<String> ids = cluster.tokens().ids(); // which ones this node accepts, the one that signs first
        return ids;
    }
}
