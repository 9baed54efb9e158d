package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.SentinelContract;

final class LettuceSentinelTest extends SentinelContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
