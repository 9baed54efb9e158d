package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.NodeWorkersContract;

final class JedisNodeWorkersTest extends NodeWorkersContract {
    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
