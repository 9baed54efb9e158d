package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisLocksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisLocksTest extends RedisLocksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
