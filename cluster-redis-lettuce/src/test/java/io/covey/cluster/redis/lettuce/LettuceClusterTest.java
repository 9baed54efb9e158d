package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.ClusterContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceClusterTest extends ClusterContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
