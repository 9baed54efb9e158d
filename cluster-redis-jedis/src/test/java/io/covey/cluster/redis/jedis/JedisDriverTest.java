package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.DriverContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisDriverTest extends DriverContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
