package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisFailoverContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisFailoverTest extends RedisFailoverContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
