package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisFaultContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceFaultTest extends RedisFaultContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
