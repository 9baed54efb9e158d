package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisStoresContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisStoresTest extends RedisStoresContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
