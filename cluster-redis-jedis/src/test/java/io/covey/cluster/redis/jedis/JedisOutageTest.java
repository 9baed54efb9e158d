package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisOutageContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisOutageTest extends RedisOutageContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
