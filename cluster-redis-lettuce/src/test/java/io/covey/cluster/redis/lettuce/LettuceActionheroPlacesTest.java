package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.ActionheroPlacesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class LettuceActionheroPlacesTest extends ActionheroPlacesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
