package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisClusterStoresContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisClusterStoresTest extends RedisClusterStoresContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
