package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.NodeBridgeContract;

final class JedisNodeBridgeTest extends NodeBridgeContract {

    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
