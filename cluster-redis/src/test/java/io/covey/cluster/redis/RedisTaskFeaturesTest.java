package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;

/** The optional parts of tasks on plain sockets, so that this module is tested without a client library. */
final class RedisTaskFeaturesTest extends RedisTaskFeaturesContract {

    @Override
    protected RedisDriverFactory drivers() {
        return RedisDriverFactory.over(SocketConnector::new);
    }
}
