package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisPubSubContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettucePubSubTest extends RedisPubSubContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
