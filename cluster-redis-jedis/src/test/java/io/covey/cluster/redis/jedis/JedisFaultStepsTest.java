package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisFaultStepsContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisFaultStepsTest extends RedisFaultStepsContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
