package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.ActionheroPlacesContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;

final class JedisActionheroPlacesTest extends ActionheroPlacesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
