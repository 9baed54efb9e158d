package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisWorkersContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceWorkersTest extends RedisWorkersContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
