package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisSentinelTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceSentinelTasksTest extends RedisSentinelTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
