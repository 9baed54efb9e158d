package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisStoresContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceStoresTest extends RedisStoresContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
