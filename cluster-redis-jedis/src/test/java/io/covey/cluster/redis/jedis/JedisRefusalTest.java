package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisRefusalContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisRefusalTest extends RedisRefusalContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
