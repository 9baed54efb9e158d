package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisFailoverContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceFailoverTest extends RedisFailoverContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
