package io.covey.cluster.bench.peers;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** PUBLISH and SUBSCRIBE by Lettuce as it comes: a call is a text with a number, and its answer the same text. */
public final class LettuceMessaging implements MessagingContestant {
    private static final String REQUESTS = "requests";
    private static final String ANSWERS = "answers";

    private final Map<String, CompletableFuture<String>> open = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private @Nullable RedisClient client;
    private @Nullable StatefulRedisConnection<String, String> redis;

    /** For the corner. */
    public LettuceMessaging() {}

    @Override
    public void open(int port, String variant) {
        open("redis://127.0.0.1:" + port);
    }

    /** Connects to any server. */
    public void open(String uri) {
        client = RedisClient.create(uri);
        redis = client.connect();
    }

    @Override
    public String serve() {
        subscribe(REQUESTS, request -> redis.async().publish(ANSWERS, request));
        return "ready";
    }

    @Override
    public void meet(String peer) {
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
        redis.async().publish(REQUESTS, id + " " + argument);
        return answer;
    }

    @Override
    public void subscribe(String channel, Consumer<String> subscriber) {
        StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub();
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
                subscriber.accept(message);
            }
        });
        connection.sync().subscribe(channel);
    }

    @Override
    public CompletableFuture<?> publish(String channel, String message) {
        return redis.async().publish(channel, message).toCompletableFuture();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
