package io.covey.cluster.bench;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import redis.clients.jedis.RedisClient;

/**
 * What adding and running tasks costs while ever more of them wait, and how much memory one that waits takes. Prints a
 * line for each depth. {@code java -cp benchmarks.jar io.covey.cluster.bench.Waiting [jedis|lettuce]}
 */
public final class Waiting {
    private static final TaskType<String> NOTHING = TaskType.of("nothing", String.class);
    private static final String PAYLOAD = "x".repeat(100);
    private static final List<Integer> DEPTHS = List.of(1000, 10_000, 100_000, 1_000_000);
    private static final int STEP = 10_000;
    private static final int LONE = 1000;

    private Waiting() {}

    /**
     * What was seen while so many waited.
     *
     * @param waiting how many
     * @param added what it took to add a task
     * @param run what it took to run one
     * @param bytes by which the memory of Redis had grown for each
     * @param listed bytes of a task in the list, its payload among them
     */
    record Depth(int waiting, PerTask added, PerTask run, double bytes, int listed) {
        /** Bytes of each task beside its payload. */
        double besidePayload() {
            return bytes - PAYLOAD.length();
        }
    }

    /** Commands, those inside scripts included, and CPU time of Redis. */
    record PerTask(double commands, double serverMicros) {
        static PerTask of(Usage usage, int tasks) {
            return new PerTask((double) usage.commands() / tasks, usage.serverMicros() / tasks);
        }
    }

    /**
     * Measures.
     *
     * @param args the driver, {@code jedis} unless given
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        String driver = args.length > 0 ? args[0] : "jedis";
        System.out.println(
                "| waiting | enqueue: commands | Redis us | run: commands | Redis us | bytes beside its own |");
        System.out.println("|---:|---:|---:|---:|---:|---:|");
        measure(driver, DEPTHS, Waiting::print);
    }

    static void print(Depth depth) {
        System.out.printf(
                Locale.ROOT,
                "| %d | %.2f | %.1f | %.2f | %.1f | %.1f |%n",
                depth.waiting(),
                depth.added().commands(),
                depth.added().serverMicros(),
                depth.run().commands(),
                depth.run().serverMicros(),
                depth.bytes() - depth.listed());
    }

    /** Lets ever more wait on a server of its own, and tells at each depth. */
    static void measure(String driver, List<Integer> depths, Consumer<Depth> told) throws InterruptedException {
        try (RedisServer server = RedisServer.builder().start();
                RedisClient redis = RedisClient.create(server.uri());
                Cluster node =
                        Cluster.join(ClusterConfig.builder(server.uri().replaceFirst("://", "+" + driver + "://"))
                                .name("waiting")
                                .build())) {
            TaskQueue tasks = TaskQueue.on(node);
            tasks.enqueueAll(NOTHING, Collections.nCopies(STEP, PAYLOAD));
            drain(node, STEP);
            int listed = bytes(tasks, redis);
            drain(node, 1);
            System.out.println(
                    "memory by " + Usage.memory(redis, "mem_allocator") + ", a task is " + listed + " bytes");
            long empty = Long.parseLong(Usage.memory(redis, "used_memory"));
            int waiting = 0;
            for (int depth : depths) {
                tasks.enqueueAll(NOTHING, Collections.nCopies(depth - waiting, PAYLOAD));
                waiting = depth;
                long used = Long.parseLong(Usage.memory(redis, "used_memory")) - empty;
                Usage before = Usage.now(redis);
                for (int i = 0; i < LONE; i++) {
                    tasks.enqueue(NOTHING, PAYLOAD);
                }
                PerTask added = PerTask.of(Usage.now(redis).minus(before), LONE);
                before = Usage.now(redis);
                int ran = drain(node, Math.min(STEP, depth));
                PerTask run = PerTask.of(Usage.now(redis).minus(before), ran);
                waiting += LONE - ran;
                told.accept(new Depth(depth, added, run, (double) used / depth, listed));
            }
        }
    }

    /** The bytes of a task in the list. */
    private static int bytes(TaskQueue tasks, RedisClient redis) {
        tasks.enqueue(NOTHING, PAYLOAD);
        return redis.lindex("resque:queue:" + NOTHING.queue(), 0).length();
    }

    /** How many ran: as many as asked for, and those that were already in hand. */
    private static int drain(Cluster node, int count) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(count);
        Worker worker = Worker.on(node)
                .queues(NOTHING.queue())
                .concurrency(10)
                .handlers(handlers -> handlers.handle(NOTHING, (payload, task) -> left.countDown()))
                .start();
        left.await();
        worker.close();
        return (int) worker.stats().processed();
    }
}
