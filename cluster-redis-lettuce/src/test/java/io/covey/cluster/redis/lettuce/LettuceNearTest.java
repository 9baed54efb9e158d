package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisNearContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceNearTest extends RedisNearContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
