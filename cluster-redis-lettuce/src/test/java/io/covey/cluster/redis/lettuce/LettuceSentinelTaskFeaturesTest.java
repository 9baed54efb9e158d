package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisSentinelTaskFeaturesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceSentinelTaskFeaturesTest extends RedisSentinelTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
