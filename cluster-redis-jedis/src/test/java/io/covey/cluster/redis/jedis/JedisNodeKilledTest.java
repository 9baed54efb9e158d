package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.NodeKilledContract;

final class JedisNodeKilledTest extends NodeKilledContract {
    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
