package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisWorkerUserContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

@Tag("long")
final class LettuceWorkerUserTest extends RedisWorkerUserContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
