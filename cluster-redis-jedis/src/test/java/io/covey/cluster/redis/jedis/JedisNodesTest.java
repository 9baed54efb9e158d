package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisNodesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisNodesTest extends RedisNodesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
