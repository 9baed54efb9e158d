package io.covey.cluster.bench.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lettuce alone, as it comes: one connection for all threads, many keys as many asynchronous commands. */
public final class LettuceCache implements CacheContestant {
    private final List<byte[]> keys =
            KEYS.stream().map(key -> key.getBytes(UTF_8)).toList();
    private @Nullable RedisClient client;
    private @Nullable StatefulRedisConnection<byte[], byte[]> redis;

    /** For the corner. */
    public LettuceCache() {}

    @Override
    public void open(int port, String variant) {
        client = RedisClient.create("redis://127.0.0.1:" + port);
        redis = client.connect(ByteArrayCodec.INSTANCE);
    }

    @Override
    public byte @Nullable [] get(int key) {
        return redis.sync().get(keys.get(key));
    }

    @Override
    public void put(int key, byte[] value) {
        redis.sync().set(keys.get(key), value, SetArgs.Builder.px(TTL));
    }

    @Override
    public int getMany(int first) {
        List<RedisFuture<byte[]>> replies = new ArrayList<>(MANY);
        for (int i = first; i < first + MANY; i++) {
            replies.add(redis.async().get(keys.get(i)));
        }
        int found = 0;
        for (RedisFuture<byte[]> reply : replies) {
            found += reply.toCompletableFuture().join() == null ? 0 : 1;
        }
        return found;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
