package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisWorkerUserContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class JedisWorkerUserTest extends RedisWorkerUserContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
