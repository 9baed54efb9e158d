package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.TlsContract;

final class LettuceTlsTest extends TlsContract {

    @Override
    protected RedisDriverFactory factory() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
