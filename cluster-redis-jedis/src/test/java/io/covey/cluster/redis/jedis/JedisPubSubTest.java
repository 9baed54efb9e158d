package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisPubSubContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisPubSubTest extends RedisPubSubContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
