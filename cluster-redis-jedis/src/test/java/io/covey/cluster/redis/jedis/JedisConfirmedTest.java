package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisConfirmedContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisConfirmedTest extends RedisConfirmedContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
