package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisClusterTaskFeaturesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisClusterTaskFeaturesTest extends RedisClusterTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
