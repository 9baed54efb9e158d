package io.covey.cluster.bench.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;

/** Jedis alone: a pool with a connection for each thread, and a pipeline for many keys. */
public final class JedisCache implements CacheContestant {
    private static final int MOST_THREADS = 64;

    private final List<byte[]> keys =
            KEYS.stream().map(key -> key.getBytes(UTF_8)).toList();
    private @Nullable RedisClient redis;

    /** For the corner. */
    public JedisCache() {}

    @Override
    public void open(int port, String variant) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(MOST_THREADS);
        pool.setMaxIdle(MOST_THREADS);
        redis = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", port))
                .poolConfig(pool)
                .build();
    }

    @Override
    public byte @Nullable [] get(int key) {
        return redis.get(keys.get(key));
    }

    @Override
    public void put(int key, byte[] value) {
        redis.set(keys.get(key), value, SetParams.setParams().px(TTL.toMillis()));
    }

    @Override
    public int getMany(int first) {
        try (Pipeline pipeline = redis.pipelined()) {
            List<Response<byte[]>> responses = new ArrayList<>(MANY);
            for (int i = first; i < first + MANY; i++) {
                responses.add(pipeline.get(keys.get(i)));
            }
            pipeline.sync();
            int found = 0;
            for (Response<byte[]> response : responses) {
                found += response.get() == null ? 0 : 1;
            }
            return found;
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
