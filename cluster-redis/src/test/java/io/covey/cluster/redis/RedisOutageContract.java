package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.OutageContract;
import io.covey.cluster.tck.OutageHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of a broken line on one server, for each driver. */
public abstract class RedisOutageContract extends OutageContract {
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
    protected OutageHarness harness() {
        return RedisOutageHarness.of(server, drivers());
    }
}
