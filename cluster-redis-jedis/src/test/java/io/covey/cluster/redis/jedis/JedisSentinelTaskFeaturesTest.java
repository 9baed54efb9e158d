package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisSentinelTaskFeaturesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisSentinelTaskFeaturesTest extends RedisSentinelTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
