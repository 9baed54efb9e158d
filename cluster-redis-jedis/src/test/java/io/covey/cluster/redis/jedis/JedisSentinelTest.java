package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.SentinelContract;

final class JedisSentinelTest extends SentinelContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
