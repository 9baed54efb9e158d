package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisLocksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceLocksTest extends RedisLocksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
