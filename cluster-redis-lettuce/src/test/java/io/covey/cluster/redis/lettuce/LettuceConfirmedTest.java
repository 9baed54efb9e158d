package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisConfirmedContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceConfirmedTest extends RedisConfirmedContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
