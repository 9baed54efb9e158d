package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.DriverFaultContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisDriverFaultTest extends DriverFaultContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
