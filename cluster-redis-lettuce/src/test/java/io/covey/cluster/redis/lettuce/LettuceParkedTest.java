package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisParkedContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceParkedTest extends RedisParkedContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
