package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisOutageContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceOutageTest extends RedisOutageContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
