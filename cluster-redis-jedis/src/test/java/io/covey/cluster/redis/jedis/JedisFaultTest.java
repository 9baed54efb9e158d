package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisFaultContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisFaultTest extends RedisFaultContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
