package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisLink;
import io.covey.cluster.redis.driver.RedisLinks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A driver whose connections can go deaf: they live, and what they answer is never heard, until they are made anew. */
final class DeafDriver implements RedisDriver {
    private final RedisDriver real;
    private volatile boolean deaf;

    DeafDriver(RedisDriver real) {
        this.real = real;
    }

    void goDeaf() {
        deaf = true;
    }

    private <T> CompletionStage<T> heard(CompletionStage<T> answer) {
        return deaf ? new CompletableFuture<>() : answer;
    }

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        return heard(real.send(command));
    }

    @Override
    public CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
        return heard(real.sendAll(commands));
    }

    @Override
    public CompletionStage<Confirmed> sendConfirmed(RedisCommand command) {
        return heard(real.sendConfirmed(command));
    }

    @Override
    public void reconnect() {
        deaf = false;
        real.reconnect();
    }

    @Override
    public RedisLink open(LinkSpec spec) {
        return real.open(spec);
    }

    @Override
    public RedisLinks openToAll(LinkSpec spec, String probe) {
        return real.openToAll(spec, probe);
    }

    @Override
    public void close() {
        real.close();
    }
}
