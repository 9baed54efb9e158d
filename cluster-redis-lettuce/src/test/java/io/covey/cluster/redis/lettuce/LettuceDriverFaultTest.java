package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.DriverFaultContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceDriverFaultTest extends DriverFaultContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
