package io.covey.cluster.redis;

import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.Worker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.awaitility.core.ConditionFactory;

/** One server with nodes of ours and processes of other fleets on it. */
final class InteropScene implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(2);

    final RedisServer redis;
    private final String scheme;
    private final Deque<Runnable> open = new ArrayDeque<>();
    private Cluster node;

    /**
     * @param scheme of the driver, such as redis+jedis
     */
    InteropScene(String scheme) {
        NodePackages.folder();
        this.scheme = scheme;
        this.redis = RedisServer.start();
    }

    static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(50));
    }

    String uri() {
        return redis.uri().replaceFirst("redis", scheme);
    }

    NodeProcess node(String make, String settings) {
        NodeProcess process = NodeProcess.start(redis, make, settings);
        open.push(process::close);
        return process;
    }

    NodeProcess nodeResque(String settings) {
        return node("node-resque", settings);
    }

    Cluster join() {
        Cluster joined = Cluster.join(ClusterConfig.builder(uri())
                .transport(TransportConfig.of(uri()))
                .build());
        open.push(joined::close);
        return joined;
    }

    /** One node for all that a test does itself. */
    Cluster cluster() {
        if (node == null) {
            node = join();
        }
        return node;
    }

    TaskQueue tasks() {
        return TaskQueue.on(cluster());
    }

    Worker worker(TaskHandlers handlers, String... queues) {
        return Worker.on(cluster())
                .queues(queues)
                .concurrency(2)
                .lease(LEASE)
                .handlers(handlers)
                .start();
    }

    /** The texts in a list. */
    List<String> list(String key) {
        List<String> texts = new ArrayList<>();
        int length = Integer.parseInt(redis.command("LLEN", key));
        for (int i = 0; i < length; i++) {
            texts.add(redis.command("LINDEX", key, Integer.toString(i)));
        }
        return texts;
    }

    String keys(String pattern) {
        return redis.command("KEYS", pattern);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            while (!open.isEmpty()) {
                open.pop().run();
            }
        } finally {
            redis.close();
        }
    }
}
