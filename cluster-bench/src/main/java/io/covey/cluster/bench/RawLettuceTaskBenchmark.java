package io.covey.cluster.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.Collections;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** A list of Redis by Lettuce alone: as {@link RawJedisTaskBenchmark}, with asynchronous commands for the pipeline. */
public class RawLettuceTaskBenchmark extends Trials {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final byte[] TASK = "x".repeat(Load.VALUE_BYTES).getBytes(UTF_8);
    private static final byte[][] BULK =
            Collections.nCopies(TaskBenchmark.BULK, TASK).toArray(byte[][]::new);

    /** For JMH. */
    public RawLettuceTaskBenchmark() {}

    /** Where elements go. */
    @State(Scope.Benchmark)
    public static class Queue {
        private Backend backend;
        private RedisClient client;
        private StatefulRedisConnection<byte[], byte[]> redis;
        private byte[] key;

        /** For JMH. */
        public Queue() {}

        /** Connects. */
        @Setup
        public void start() {
            backend = Backend.start("lettuce");
            client = RedisClient.create(backend.uri());
            redis = client.connect(ByteArrayCodec.INSTANCE);
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
            client.shutdown(Duration.ZERO, LIMIT);
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
                    queue.redis.sync().rpush(queue.key, BULK);
                }
            });
        }
    }

    @Benchmark
    @Threads(1)
    public long enqueue(Queue in) {
        return in.redis.sync().rpush(in.key, TASK);
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
        return in.redis.sync().rpush(in.key, BULK);
    }

    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(TaskBenchmark.FILL)
    public boolean drain(Queue in, Full full) {
        RedisFuture<?>[] replies = new RedisFuture<?>[RawJedisTaskBenchmark.PIPELINE];
        boolean answered = true;
        for (int i = 0; i < TaskBenchmark.FILL; i += replies.length) {
            for (int n = 0; n < replies.length; n++) {
                replies[n] = in.redis.async().lpop(in.key);
            }
            answered &= LettuceFutures.awaitAll(LIMIT, replies);
        }
        return answered;
    }
}
