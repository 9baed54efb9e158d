package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisRefusalContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceRefusalTest extends RedisRefusalContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
