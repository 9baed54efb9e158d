package io.covey.cluster.bench.peers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** PUBLISH and SUBSCRIBE by Jedis: a call is a text with a number, and its answer the same text. */
public final class JedisMessaging implements MessagingContestant {
    private static final String REQUESTS = "requests";
    private static final String ANSWERS = "answers";

    private final Map<String, CompletableFuture<String>> open = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private final Deque<Jedis> connections = new ArrayDeque<>();
    private String uri = "";
    private @Nullable RedisClient redis;
    private volatile boolean closed;

    /** For the corner. */
    public JedisMessaging() {}

    @Override
    public void open(int port, String variant) {
        open("redis://127.0.0.1:" + port);
    }

    /** Connects to any server. */
    public void open(String to) {
        uri = to;
        redis = RedisClient.create(uri);
    }

    @Override
    public String serve() throws InterruptedException {
        subscribe(REQUESTS, request -> redis.publish(ANSWERS, request));
        return "ready";
    }

    @Override
    public void meet(String peer) throws InterruptedException {
        subscribe(ANSWERS, answer -> {
            int at = answer.indexOf(' ');
            open.remove(answer.substring(0, at)).complete(answer.substring(at + 1));
        });
    }

    @Override
    public CompletableFuture<String> call(String argument) {
        String id = Long.toString(number.incrementAndGet());
        CompletableFuture<String> answer = new CompletableFuture<>();
        open.put(id, answer);
        redis.publish(REQUESTS, id + " " + argument);
        return answer;
    }

    @Override
    public void subscribe(String channel, Consumer<String> subscriber) throws InterruptedException {
        Jedis connection = new Jedis(uri);
        connections.push(connection);
        CountDownLatch live = new CountDownLatch(1);
        JedisPubSub hears = new JedisPubSub() {
            @Override
            public void onSubscribe(String to, int count) {
                live.countDown();
            }

            @Override
            public void onMessage(String from, String message) {
                subscriber.accept(message);
            }
        };
        Thread thread = new Thread(() -> {
            try {
                connection.subscribe(hears, channel);
            } catch (JedisConnectionException e) {
                if (!closed) {
                    throw e;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        live.await();
    }

    @Override
    public CompletableFuture<?> publish(String channel, String message) {
        return CompletableFuture.completedFuture(redis.publish(channel, message));
    }

    @Override
    public void publish(String channel, String message, int count) {
        try (Pipeline pipeline = redis.pipelined()) {
            for (int i = 1; i <= count; i++) {
                pipeline.publish(channel, message);
                if (i % WINDOW == 0) {
                    pipeline.sync();
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        connections.forEach(Jedis::close);
        redis.close();
    }
}
