package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.OperatorContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceOperatorTest extends OperatorContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
