package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.ActionheroContract;

final class JedisActionheroTest extends ActionheroContract {

    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
