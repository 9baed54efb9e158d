package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The command and a node on one Redis server, in namespaces of each test's own. */
abstract class CommandsOnRedis {
    private static RedisServer server;

    private final String own = "t" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    final Shell.Run cluster(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--uri=" + server.uri(), "--namespace=" + own, "--task-namespace=" + own));
        return Shell.run(all.toArray(String[]::new));
    }

    /** So many failed tasks, all of them this one. */
    final void failed(int count, String entry) {
        server.command(
                "EVAL",
                "for i = 1, tonumber(ARGV[1]) do redis.call('RPUSH', KEYS[1], ARGV[2]) end return 1",
                "1",
                own + ":failed",
                String.valueOf(count),
                entry);
    }

    /** A task that another fleet has delayed to a second. */
    final void delayed(String second, String job) {
        server.command("ZADD", own + ":delayed_queue_schedule", second, second);
        server.command("RPUSH", own + ":delayed:" + second, job);
    }

    /** A worker of another fleet that says when it was seen. */
    final void worker(String name, String queue, String ping) {
        server.command("SADD", own + ":workers", name + ":" + queue);
        server.command("SET", own + ":worker:ping:" + name, ping);
    }

    final Cluster join() {
        return Cluster.join(ClusterConfig.builder(server.uri().replace("redis://", "redis+jedis://"))
                .namespace(own)
                .taskNamespace(own)
                .name("ada")
                .build());
    }
}
