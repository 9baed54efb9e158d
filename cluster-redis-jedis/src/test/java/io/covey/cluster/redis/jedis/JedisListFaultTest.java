package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.ListFaultContract;

final class JedisListFaultTest extends ListFaultContract {

    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
