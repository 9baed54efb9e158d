package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisParkedContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisParkedTest extends RedisParkedContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
