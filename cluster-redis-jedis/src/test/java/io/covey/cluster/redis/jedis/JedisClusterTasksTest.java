package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisClusterTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class JedisClusterTasksTest extends RedisClusterTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
