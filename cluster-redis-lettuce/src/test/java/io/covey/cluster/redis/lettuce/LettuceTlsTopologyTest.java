package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.TlsTopologyContract;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class LettuceTlsTopologyTest extends TlsTopologyContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
