package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import org.junit.jupiter.api.Tag;

/** The tasks on plain sockets, so that this module is tested without a client library. */
@Tag("long")
final class RedisTaskBrokerTest extends RedisTasksContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(SocketConnector::new);
    }
}
