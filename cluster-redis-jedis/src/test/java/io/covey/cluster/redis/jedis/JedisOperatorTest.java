package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.OperatorContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisOperatorTest extends OperatorContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
