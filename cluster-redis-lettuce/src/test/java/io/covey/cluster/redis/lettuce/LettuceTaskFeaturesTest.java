package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisTaskFeaturesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceTaskFeaturesTest extends RedisTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
