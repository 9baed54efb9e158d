package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisOpeningContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisOpeningTest extends RedisOpeningContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
