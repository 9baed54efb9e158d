package io.covey.cluster.bench;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import redis.clients.jedis.RedisClient;

/**
 * What comes all at once: so many tasks due in the same second, and so many that nobody can read. Prints how fast the first
 * are moved to their queue, and the second to the failed tasks, by one worker.
 * {@code java -cp benchmarks.jar io.covey.cluster.bench.Surge [jedis|lettuce] [count]}
 */
public final class Surge {
    private static final TaskType<String> NOTHING =
            TaskType.of("nothing", String.class).on("surge");
    private static final String UNREADABLE = "no JSON " + "x".repeat(100);
    private static final String LIST = "resque:queue:surge";
    private static final int PUSH = 1000;

    private Surge() {}

    /**
     * Measures.
     *
     * @param args the driver, {@code jedis} unless given, and how many, 100000 unless given
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        String driver = args.length > 0 ? args[0] : "jedis";
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
        try (RedisServer server = RedisServer.builder().start();
                RedisClient redis = RedisClient.create(server.uri());
                Cluster node =
                        Cluster.join(ClusterConfig.builder(server.uri().replaceFirst("://", "+" + driver + "://"))
                                .name("surge")
                                .build())) {
            say("delayed tasks moved to their queue", count, promote(node, redis, count));
            say("unreadable tasks moved to failed", count, park(node, redis, count));
        }
    }

    /** They are claimed as they come, by a worker that holds on to the first. */
    private static Duration promote(Cluster node, RedisClient redis, int count) throws InterruptedException {
        TaskQueue tasks = TaskQueue.on(node);
        Instant due = Instant.ofEpochSecond(
                Instant.now().plusSeconds(5 + count / 20_000).getEpochSecond());
        NewTask<String> later = NewTask.of(NOTHING, "x".repeat(100))
                .withOptions(EnqueueOptions.none().withDue(due));
        tasks.enqueueAll(Collections.nCopies(count, later));
        if (redis.llen(LIST) > 0) {
            throw new IllegalStateException(
                    "The tasks were due before all were added: the machine is too slow for this");
        }
        CountDownLatch held = new CountDownLatch(1);
        Worker worker = Worker.on(node)
                .queues(NOTHING.queue())
                .concurrency(1)
                .withoutPrefetch()
                .handlers(handlers -> handlers.handle(NOTHING, (payload, task) -> held.await()))
                .start();
        long waiting = count - 1L;
        until(() -> redis.llen(LIST) > 0);
        long begun = System.nanoTime();
        until(() -> redis.llen(LIST) >= waiting);
        long took = System.nanoTime() - begun;
        held.countDown();
        worker.close();
        redis.del(LIST);
        return Duration.ofNanos(took);
    }

    private static Duration park(Cluster node, RedisClient redis, int count) {
        String[] some = Collections.nCopies(PUSH, UNREADABLE).toArray(String[]::new);
        for (int i = 0; i < count; i += PUSH) {
            redis.rpush(LIST, some);
        }
        long begun = System.nanoTime();
        Worker worker = Worker.on(node)
                .queues(NOTHING.queue())
                .concurrency(10)
                .handlers(handlers -> handlers.handle(NOTHING, (payload, task) -> {}))
                .start();
        until(() -> redis.llen("resque:failed") >= count);
        long took = System.nanoTime() - begun;
        worker.close();
        return Duration.ofNanos(took);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void say(String what, int count, Duration took) {
        System.out.printf(
                Locale.ROOT,
                "%d %s in %d ms: %.0f a second%n",
                count,
                what,
                took.toMillis(),
                count * 1e9 / took.toNanos());
    }
}
