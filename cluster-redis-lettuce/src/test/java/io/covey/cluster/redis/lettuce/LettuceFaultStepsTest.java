package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisFaultStepsContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceFaultStepsTest extends RedisFaultStepsContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
