package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisClusterStoresContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class LettuceClusterStoresTest extends RedisClusterStoresContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
