package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.NodeSchedulersContract;

final class JedisNodeSchedulersTest extends NodeSchedulersContract {
    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
