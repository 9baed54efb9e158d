package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisWorkersContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisWorkersTest extends RedisWorkersContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
