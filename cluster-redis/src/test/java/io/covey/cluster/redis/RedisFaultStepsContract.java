package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.FaultStepsContract;
import io.covey.cluster.tck.OutageHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Random steps of tasks on a broken line to one server, for each driver. */
public abstract class RedisFaultStepsContract extends FaultStepsContract {
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
