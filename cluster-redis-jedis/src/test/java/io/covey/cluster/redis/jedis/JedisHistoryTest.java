package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisHistoryContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisHistoryTest extends RedisHistoryContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
