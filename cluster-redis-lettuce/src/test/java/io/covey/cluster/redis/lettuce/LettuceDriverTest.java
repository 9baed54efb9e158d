package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.DriverContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceDriverTest extends DriverContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
