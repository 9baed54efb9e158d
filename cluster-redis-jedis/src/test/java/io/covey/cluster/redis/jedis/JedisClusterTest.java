package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.ClusterContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisClusterTest extends ClusterContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
