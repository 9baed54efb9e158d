package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of the task broker on one SERVER.get(), for each driver. */
public abstract class RedisTasksContract extends TaskBrokerContract {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(SERVER.get(), drivers());
    }
}
