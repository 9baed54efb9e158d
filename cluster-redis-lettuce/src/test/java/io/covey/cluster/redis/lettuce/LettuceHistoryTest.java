package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisHistoryContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceHistoryTest extends RedisHistoryContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
