package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.OperatorTopologyContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class LettuceOperatorTopologyTest extends OperatorTopologyContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
