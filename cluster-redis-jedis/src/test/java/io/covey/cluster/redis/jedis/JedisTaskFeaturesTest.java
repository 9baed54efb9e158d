package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisTaskFeaturesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisTaskFeaturesTest extends RedisTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
