package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.ActionheroChatContract;

final class JedisActionheroChatTest extends ActionheroChatContract {

    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
