package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisClusterNodesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class JedisClusterNodesTest extends RedisClusterNodesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
