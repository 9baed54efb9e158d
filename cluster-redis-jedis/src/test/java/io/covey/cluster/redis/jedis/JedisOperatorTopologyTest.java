package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.OperatorTopologyContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class JedisOperatorTopologyTest extends OperatorTopologyContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
