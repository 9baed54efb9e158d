package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.TlsTopologyContract;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class JedisTlsTopologyTest extends TlsTopologyContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
