package io.covey.cluster.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;

/** A list of Redis by Jedis alone: no receipt, no lease, nothing run, and what is popped is gone if the process dies. */
public class RawJedisTaskBenchmark extends Trials {
    static final int PIPELINE = 50;

    private static final byte[] TASK = "x".repeat(Load.VALUE_BYTES).getBytes(UTF_8);
    private static final byte[][] BULK =
            Collections.nCopies(TaskBenchmark.BULK, TASK).toArray(byte[][]::new);

    /** For JMH. */
    public RawJedisTaskBenchmark() {}

    /** Where elements go. */
    @State(Scope.Benchmark)
    public static class Queue {
        private Backend backend;
        private RedisClient redis;
        private byte[] key;

        /** For JMH. */
        public Queue() {}

        /** Connects. */
        @Setup
        public void start() {
            backend = Backend.start("jedis");
            redis = RawJedisBenchmark.pool(backend);
            key = backend.namespace().getBytes(UTF_8);
        }

        /** Throws away the elements, which would fill the memory. */
        @TearDown(Level.Iteration)
        public void empty() {
            backend.aside(backend::wipe);
        }

        /** Disconnects. */
        @TearDown
        public void stop() {
            redis.close();
            backend.close();
        }
    }

    /** Before each drain, elements that wait. */
    @State(Scope.Benchmark)
    public static class Full {

        /** For JMH. */
        public Full() {}

        /** Adds elements, at no cost to the drain. */
        @Setup(Level.Invocation)
        public void fill(Queue queue) {
            queue.backend.aside(() -> {
                for (int i = 0; i < TaskBenchmark.FILL; i += TaskBenchmark.BULK) {
                    queue.redis.rpush(queue.key, BULK);
                }
            });
        }
    }

    @Benchmark
    @Threads(1)
    public long enqueue(Queue in) {
        return in.redis.rpush(in.key, TASK);
    }

    @Benchmark
    @Threads(TaskBenchmark.PRODUCERS)
    public long enqueueBy8(Queue in) {
        return enqueue(in);
    }

    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(TaskBenchmark.BULK)
    public long enqueueAll(Queue in) {
        return in.redis.rpush(in.key, BULK);
    }

    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(TaskBenchmark.FILL)
    public void drain(Queue in, Full full) {
        try (Pipeline pipeline = in.redis.pipelined()) {
            for (int i = 0; i < TaskBenchmark.FILL; i += PIPELINE) {
                for (int n = 0; n < PIPELINE; n++) {
                    pipeline.lpop(in.key);
                }
                pipeline.sync();
            }
        }
    }
}
