package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.LinkContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceLinkTest extends LinkContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
