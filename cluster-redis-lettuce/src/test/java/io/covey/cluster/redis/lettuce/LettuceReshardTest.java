package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisReshardContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceReshardTest extends RedisReshardContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
