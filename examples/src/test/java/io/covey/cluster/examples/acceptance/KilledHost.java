package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Room;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program with members in rooms and a connection, which is killed in the middle of a call. */
final class KilledHost {
    static final Duration BEAT = Duration.ofSeconds(1);
    static final int MEMBERS = 50;
    static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(Duration.ofHours(1));
    static final Procedure<String, String> HANG =
            Procedure.of("hang", String.class, String.class).within(Duration.ofHours(1));

    private KilledHost() {}

    /** URI, namespace. */
    public static void main(String[] args) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        ClusterConfig.Builder config =
                ClusterConfig.builder(args[0]).namespace(args[1]).taskNamespace(args[1]);
        try (Cluster cluster = Cluster.join(config.name("victim").beat(BEAT).build())) {
            Room<String> lobby = cluster.rooms().room("lobby", String.class);
            for (int i = 0; i < MEMBERS; i++) {
                lobby.join("m" + i);
            }
            Verbs verbs = Verbs.none().on(ECHO, (connection, text) -> text).on(HANG, (connection, text) -> {
                lobby.broadcast("hanging");
                never.await(1, TimeUnit.HOURS);
                return text;
            });
            Connections.on(cluster).open("abc", Map.of(), verbs);
            never.await(1, TimeUnit.HOURS);
        }
    }
}
