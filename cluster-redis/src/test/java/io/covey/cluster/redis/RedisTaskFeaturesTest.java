package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

/** The optional parts of tasks on plain sockets, so that this module is tested without a client library. */
@Tag("long")
final class RedisTaskFeaturesTest extends RedisTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(SocketConnector::new);
    }
}
