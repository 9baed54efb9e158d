package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisNodeOutageContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceNodeOutageTest extends RedisNodeOutageContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
