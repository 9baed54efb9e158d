package io.covey.cluster.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** GET and SET by Lettuce alone, as it comes: one connection for all threads, many keys as many asynchronous commands. */
public class RawLettuceBenchmark extends Trials {

    /** For JMH. */
    public RawLettuceBenchmark() {}

    /** Keys that exist. */
    @State(Scope.Benchmark)
    public static class Filled {
        private Backend backend;
        private RedisClient client;
        private StatefulRedisConnection<byte[], byte[]> redis;
        private List<byte[]> keys;

        /** Connects and fills. */
        @Setup
        public void start() {
            backend = Backend.start("lettuce");
            client = RedisClient.create(backend.uri());
            redis = client.connect(ByteArrayCodec.INSTANCE);
            keys = Load.keys(backend.namespace() + ":").stream()
                    .map(key -> key.getBytes(UTF_8))
                    .toList();
            keys.forEach(key -> redis.sync().set(key, new byte[Load.VALUE_BYTES]));
        }

        /** Disconnects. */
        @TearDown
        public void stop() {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            backend.close();
        }
    }

    @Benchmark
    @Threads(1)
    public byte[] get(Filled in, Load load) {
        return in.redis.sync().get(in.keys.get(load.next()));
    }

    @Benchmark
    @Threads(Load.CROWD)
    public byte[] getBy64(Filled in, Load load) {
        return get(in, load);
    }

    @Benchmark
    @Threads(1)
    public String put(Filled in, Load load) {
        return in.redis.sync().set(in.keys.get(load.next()), load.value);
    }

    @Benchmark
    @Threads(Load.CROWD)
    public String putBy64(Filled in, Load load) {
        return put(in, load);
    }

    @Benchmark
    @Threads(1)
    public List<byte[]> getAll(Filled in) throws ExecutionException, InterruptedException {
        List<RedisFuture<byte[]>> replies = new ArrayList<>(Load.MANY);
        for (int i = 0; i < Load.MANY; i++) {
            replies.add(in.redis.async().get(in.keys.get(i)));
        }
        List<byte[]> values = new ArrayList<>(Load.MANY);
        for (RedisFuture<byte[]> reply : replies) {
            values.add(reply.get());
        }
        return values;
    }

    @Benchmark
    @Threads(Load.CROWD)
    public List<byte[]> getAllBy64(Filled in) throws ExecutionException, InterruptedException {
        return getAll(in);
    }
}
