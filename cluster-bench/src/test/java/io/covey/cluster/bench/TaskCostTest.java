package io.covey.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/**
 * What a task costs Redis, in commands and in reads from sockets, which a busy machine hardly changes, and in CPU time
 * beside that of plain commands on the same server. Never in seconds.
 */
@Timeout(300)
final class TaskCostTest {
    private static final TaskType<String> NOTHING = TaskType.of("nothing", String.class);
    private static final String PAYLOAD = "x".repeat(100);
    private static final int LONE = 500;
    private static final int MANY = 20_000;
    private static final int ROUNDS = 3;
    private static final double MOST_TO_PLAIN = 0.6;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aTaskCostsFewCommandsAndFewerRoundTrips(String driver) throws Exception {
        try (Backend backend = Backend.start(driver)) {
            Cluster node = backend.join("cost");
            TaskQueue tasks = TaskQueue.on(node);
            tasks.enqueue(NOTHING, PAYLOAD);

            Usage before = Backend.spent().orElseThrow();
            for (int i = 0; i < LONE; i++) {
                tasks.enqueue(NOTHING, PAYLOAD);
            }
            Usage lone = Backend.spent().orElseThrow().minus(before);
            print(driver, "enqueue one by one", lone, LONE);
            assertThat(lone.commands()).as("commands to enqueue").isLessThanOrEqualTo((long) (8.5 * LONE));
            assertThat(lone.reads()).as("round trips to enqueue").isLessThanOrEqualTo((long) (1.2 * LONE));

            before = Backend.spent().orElseThrow();
            tasks.enqueueAll(NOTHING, Collections.nCopies(MANY, PAYLOAD));
            Usage bulk = Backend.spent().orElseThrow().minus(before);
            print(driver, "enqueue in bulk", bulk, MANY);
            assertThat(bulk.commands()).as("commands to enqueue in bulk").isLessThanOrEqualTo((long) (0.06 * MANY));
            // A portion is larger than what Redis reads at once.
            assertThat(bulk.reads()).as("reads to enqueue in bulk").isLessThanOrEqualTo((long) (0.06 * MANY));

            before = Backend.spent().orElseThrow();
            drain(node, LONE + 1 + MANY);
            Usage drain = Backend.spent().orElseThrow().minus(before);
            print(driver, "drain", drain, LONE + 1 + MANY);
            assertThat(drain.reads()).as("round trips to drain").isLessThanOrEqualTo((long) (0.06 * MANY));
            assertThat(drain.commands()).as("commands to drain").isLessThanOrEqualTo((long) (0.7 * MANY));

            assertThat(ratioToPlain(driver, backend, node, tasks))
                    .as("CPU time of Redis to drain, to that of a plain RPUSH and LPOP")
                    .isLessThanOrEqualTo(MOST_TO_PLAIN);
        }
    }

    /** The median of some rounds: how fast the machine is, and what else it does, weighs on both alike. */
    private static double ratioToPlain(String driver, Backend backend, Cluster node, TaskQueue tasks)
            throws InterruptedException {
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            tasks.enqueueAll(NOTHING, Collections.nCopies(MANY, PAYLOAD));
            Usage before = Backend.spent().orElseThrow();
            drain(node, MANY);
            Usage drain = Backend.spent().orElseThrow().minus(before);
            Usage plain = pushAndPop(backend.uri(), backend.namespace() + ":plain");
            ratios[i] = drain.serverMicros() / plain.serverMicros();
            print(driver, "drain", drain, MANY);
            print("raw Jedis", "RPUSH and LPOP", plain, MANY);
            System.out.printf(
                    "Cost by %s, drain to RPUSH and LPOP: %.3f of the CPU time of Redis%n", driver, ratios[i]);
        }
        Arrays.sort(ratios);
        return ratios[ROUNDS / 2];
    }

    /** Elements of the size of a task, one command at a time, in and out. */
    private static Usage pushAndPop(String uri, String key) {
        String element = PAYLOAD + PAYLOAD.substring(50);
        try (RedisClient redis = RedisClient.create(uri)) {
            redis.rpush(key, element);
            redis.lpop(key);
            Usage before = Backend.spent().orElseThrow();
            for (int i = 0; i < MANY; i++) {
                redis.rpush(key, element);
            }
            for (int i = 0; i < MANY; i++) {
                redis.lpop(key);
            }
            return Backend.spent().orElseThrow().minus(before);
        }
    }

    private static void drain(Cluster node, int count) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(count);
        try (Worker worker = Worker.on(node)
                .queues(NOTHING.queue())
                .concurrency(10)
                .handlers(handlers -> handlers.handle(NOTHING, (payload, task) -> left.countDown()))
                .start()) {
            assertThat(left.await(4, TimeUnit.MINUTES)).as("all done").isTrue();
            assertThat(worker.stats().failed()).isZero();
        }
    }

    private static void print(String driver, String what, Usage usage, int tasks) {
        System.out.printf(
                "Cost by %s, %s: %.2f commands, %.3f reads, %.1f us of Redis per task%n",
                driver,
                what,
                (double) usage.commands() / tasks,
                (double) usage.reads() / tasks,
                usage.serverMicros() / tasks);
    }
}
