package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisClusterTaskFeaturesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceClusterTaskFeaturesTest extends RedisClusterTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
