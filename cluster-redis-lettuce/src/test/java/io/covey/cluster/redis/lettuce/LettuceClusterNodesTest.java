package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisClusterNodesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class LettuceClusterNodesTest extends RedisClusterNodesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
