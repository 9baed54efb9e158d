package io.covey.cluster.redis.driver;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Many masters. */
final class ClusterDriver implements RedisDriver {

    ClusterDriver(Io io, RedisUri uri, RedisDriverFactory.Listener state) {
        throw new UnsupportedOperationException("Redis Cluster is not yet supported: " + uri);
    }

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RedisLink open(LinkSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
