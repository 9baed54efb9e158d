package io.covey.cluster.redis.driver;

import java.util.concurrent.CompletionStage;

/** The links of a driver that has one server. */
final class OneLink implements RedisLinks {
    private final RedisLink link;

    OneLink(RedisLink link) {
        this.link = link;
    }

    @Override
    public CompletionStage<Void> send(RedisCommand command) {
        return link.send(command).thenApply(answered -> null);
    }

    @Override
    public CompletionStage<Void> prove() {
        return send(RedisCommand.of("PING"));
    }

    @Override
    public void reconnect() {
        link.reconnect();
    }

    @Override
    public void close() {
        link.close();
    }
}
