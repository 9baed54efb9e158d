package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.ActionheroBridgeContract;

final class JedisActionheroBridgeTest extends ActionheroBridgeContract {

    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
