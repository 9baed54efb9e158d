package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisRollbackContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisRollbackTest extends RedisRollbackContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
