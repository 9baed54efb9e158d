package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisReshardContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisReshardTest extends RedisReshardContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
