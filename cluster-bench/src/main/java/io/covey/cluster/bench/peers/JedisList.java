package io.covey.cluster.bench.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.KeyValue;

/**
 * A list of Redis by Jedis alone, with the bytes of resque: what any client takes at least. Nothing is kept of what is popped,
 * and an addition that is repeated adds twice.
 */
public final class JedisList implements Contestant {
    private static final byte[] LIST = ("resque:queue:" + QUEUE).getBytes(US_ASCII);
    private static final String BEFORE = "{\"class\":\"" + TYPE + "\",\"queue\":\"" + QUEUE + "\",\"args\":[\"";
    private static final String AFTER = "\"]}";
    /** For those who add and those who wait. */
    private static final int CONNECTIONS = 24;

    private static final double PATIENCE_SECONDS = 0.1;

    private final Pollers pollers = new Pollers();
    private @Nullable RedisClient redis;

    /** For the corner. */
    public JedisList() {}

    @Override
    public void open(int port, String variant) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        redis = RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(pool)
                .build();
    }

    @Override
    public void enqueue(String payload) {
        redis.rpush(LIST, task(payload));
    }

    @Override
    public void enqueueAll(List<String> payloads) {
        byte[][] tasks = new byte[payloads.size()][];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = task(payloads.get(i));
        }
        redis.rpush(LIST, tasks);
    }

    private static byte[] task(String payload) {
        return (BEFORE + payload + AFTER).getBytes(US_ASCII);
    }

    @Override
    public void work(int concurrency, Consumer<String> handler) {
        pollers.work(concurrency, () -> {
            KeyValue<byte[], byte[]> popped = redis.blpop(PATIENCE_SECONDS, LIST);
            if (popped != null) {
                String task = new String(popped.getValue(), US_ASCII);
                handler.accept(task.substring(BEFORE.length(), task.length() - AFTER.length()));
            }
        });
    }

    @Override
    public void rest() throws InterruptedException {
        pollers.rest();
    }

    @Override
    public void close() {
        redis.close();
    }
}
