package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisRollbackContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceRollbackTest extends RedisRollbackContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
