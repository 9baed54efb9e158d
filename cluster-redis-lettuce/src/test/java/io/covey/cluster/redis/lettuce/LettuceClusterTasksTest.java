package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.RedisClusterTasksContract;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

/** What differs on a cluster is routing, which both drivers share: one of them is enough for every build. */
@Tag("long")
final class LettuceClusterTasksTest extends RedisClusterTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(LettuceConnector::new);
    }
}
