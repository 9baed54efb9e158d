package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisLink;
import io.covey.cluster.redis.driver.RedisLinks;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Commands by one driver, links by another. */
record LinksElsewhere(RedisDriver commands, RedisDriver links) implements RedisDriver {

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        return commands.send(command);
    }

    @Override
    public CompletionStage<List<Object>> sendAll(List<RedisCommand> all) {
        return commands.sendAll(all);
    }

    @Override
    public CompletionStage<Confirmed> sendConfirmed(RedisCommand command) {
        return commands.sendConfirmed(command);
    }

    @Override
    public RedisLink open(LinkSpec spec) {
        return links.open(spec);
    }

    @Override
    public RedisLinks openToAll(LinkSpec spec, String probe) {
        return links.openToAll(spec, probe);
    }

    @Override
    public void reconnect() {
        commands.reconnect();
    }

    @Override
    public void close() {
        commands.close();
        links.close();
    }
}
