package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contracts of running nodes on one server, for each driver. */
public abstract class RedisNodesContract extends NodeContracts {
    private static RedisServer server;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    final TransportHarness make() {
        return RedisHarness.of(server, drivers());
    }
}
