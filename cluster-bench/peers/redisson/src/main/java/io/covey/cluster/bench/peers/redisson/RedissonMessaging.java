package io.covey.cluster.bench.peers.redisson;

import io.covey.cluster.bench.peers.MessagingContestant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.api.RemoteInvocationOptions;
import org.redisson.api.annotation.RRemoteAsync;
import org.redisson.client.codec.StringCodec;

/** RRemoteService with its defaults and 64 workers, and RTopic. */
public final class RedissonMessaging implements MessagingContestant {
    private static final int WORKERS = 64;

    private final Deque<RedissonClient> clients = new ArrayDeque<>();
    private int port;
    private @Nullable RedissonClient redisson;
    private @Nullable EchoAsync echo;

    /** For the corner. */
    public RedissonMessaging() {}

    /** What is called. */
    public interface Echo {
        /** Answers its argument. */
        String echo(String argument);
    }

    /** The same without waiting. */
    @RRemoteAsync(Echo.class)
    public interface EchoAsync {
        /** Answers its argument. */
        RFuture<String> echo(String argument);
    }

    @Override
    public void open(int at, String variant) {
        port = at;
        redisson = connect();
    }

    private RedissonClient connect() {
        RedissonClient client = RedissonQueue.connect(port);
        clients.push(client);
        return client;
    }

    @Override
    public String serve() {
        redisson.getRemoteService("match").register(Echo.class, argument -> argument, WORKERS);
        return "ready";
    }

    @Override
    public void meet(String peer) {
        // As it comes, but for the time: the acknowledgement that it waits for by default takes longer than 1 s on a
        // busy machine.
        RemoteInvocationOptions patient = RemoteInvocationOptions.defaults()
                .expectAckWithin(1, TimeUnit.MINUTES)
                .expectResultWithin(1, TimeUnit.MINUTES);
        echo = redisson.getRemoteService("match").get(EchoAsync.class, patient);
    }

    @Override
    public CompletableFuture<String> call(String argument) {
        return echo.echo(argument).toCompletableFuture();
    }

    @Override
    public void subscribe(String channel, Consumer<String> subscriber) {
        connect()
                .getTopic(channel, StringCodec.INSTANCE)
                .addListener(String.class, (from, message) -> subscriber.accept(message));
    }

    @Override
    public CompletableFuture<?> publish(String channel, String message) {
        return redisson.getTopic(channel, StringCodec.INSTANCE)
                .publishAsync(message)
                .toCompletableFuture();
    }

    @Override
    public void close() {
        clients.forEach(RedissonClient::shutdown);
    }
}
