package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of the task broker as a user who has the rights of a worker and no more, for each driver. */
public abstract class RedisWorkerUserContract extends TaskBrokerContract {
    private static RedisServer server;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startServer() {
        server = RedisServer.builder().start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(server, Role.WORKER, drivers());
    }
}
