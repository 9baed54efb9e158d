package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceTasksTest extends RedisTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
