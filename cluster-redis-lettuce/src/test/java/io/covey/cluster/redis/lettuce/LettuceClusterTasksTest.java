package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisClusterTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceClusterTasksTest extends RedisClusterTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
