package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisNodeOutageContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisNodeOutageTest extends RedisNodeOutageContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
