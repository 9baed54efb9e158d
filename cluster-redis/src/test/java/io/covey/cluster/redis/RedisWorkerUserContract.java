package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of the task broker as a user who has the rights of a worker and no more, for each driver. */
public abstract class RedisWorkerUserContract extends TaskBrokerContract {
    @RegisterExtension
    static final Shared<RedisServer> SERVER =
            new Shared<>(() -> RedisServer.builder().start());

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(SERVER.get(), Role.WORKER, drivers());
    }
}
