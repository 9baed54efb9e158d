package io.covey.cluster.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.util.JedisURIHelper;

/** GET and SET by Jedis alone: a pool with a connection for each thread, and a pipeline for many keys. */
public class RawJedisBenchmark extends Trials {

    /** For JMH. */
    public RawJedisBenchmark() {}

    static RedisClient pool(Backend backend) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(Load.CROWD);
        pool.setMaxIdle(Load.CROWD);
        URI uri = URI.create(backend.uri());
        return RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                .clientConfig(DefaultJedisClientConfig.builder(uri).build())
                .poolConfig(pool)
                .build();
    }

    /** Keys that exist. */
    @State(Scope.Benchmark)
    public static class Filled {
        private Backend backend;
        private RedisClient redis;
        private List<byte[]> keys;

        /** Connects and fills. */
        @Setup
        public void start() {
            backend = Backend.start("jedis");
            redis = pool(backend);
            keys = Load.keys(backend.namespace() + ":").stream()
                    .map(key -> key.getBytes(UTF_8))
                    .toList();
            keys.forEach(key -> redis.set(key, new byte[Load.VALUE_BYTES]));
        }

        /** Disconnects. */
        @TearDown
        public void stop() {
            redis.close();
            backend.close();
        }
    }

    @Benchmark
    @Threads(1)
    public byte[] get(Filled in, Load load) {
        return in.redis.get(in.keys.get(load.next()));
    }

    @Benchmark
    @Threads(Load.CROWD)
    public byte[] getBy64(Filled in, Load load) {
        return get(in, load);
    }

    @Benchmark
    @Threads(1)
    public String put(Filled in, Load load) {
        return in.redis.set(in.keys.get(load.next()), load.value);
    }

    @Benchmark
    @Threads(Load.CROWD)
    public String putBy64(Filled in, Load load) {
        return put(in, load);
    }

    @Benchmark
    @Threads(1)
    public List<byte[]> getAll(Filled in) {
        try (Pipeline pipeline = in.redis.pipelined()) {
            List<Response<byte[]>> responses = new ArrayList<>(Load.MANY);
            for (int i = 0; i < Load.MANY; i++) {
                responses.add(pipeline.get(in.keys.get(i)));
            }
            pipeline.sync();
            return responses.stream().map(Response::get).toList();
        }
    }

    @Benchmark
    @Threads(Load.CROWD)
    public List<byte[]> getAllBy64(Filled in) {
        return getAll(in);
    }
}
