package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisClusterStoresContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceClusterStoresTest extends RedisClusterStoresContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
