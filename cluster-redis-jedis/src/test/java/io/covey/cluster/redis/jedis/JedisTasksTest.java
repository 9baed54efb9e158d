package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisTasksTest extends RedisTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
