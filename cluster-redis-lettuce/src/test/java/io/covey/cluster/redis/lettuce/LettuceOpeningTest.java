package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisOpeningContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceOpeningTest extends RedisOpeningContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
