package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.LinkContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisLinkTest extends LinkContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
