package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisNodesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceNodesTest extends RedisNodesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
