package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisSentinelTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisSentinelTasksTest extends RedisSentinelTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
