package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.NodeQueuesContract;

final class JedisNodeQueuesTest extends NodeQueuesContract {
    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
