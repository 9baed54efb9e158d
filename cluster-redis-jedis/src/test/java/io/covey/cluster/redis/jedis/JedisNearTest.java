package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisNearContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisNearTest extends RedisNearContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
