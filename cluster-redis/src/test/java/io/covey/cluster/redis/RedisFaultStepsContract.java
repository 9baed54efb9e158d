package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.FaultStepsContract;
import io.covey.cluster.tck.OutageHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random steps of tasks on a broken line to one SERVER.get(), for each driver. */
public abstract class RedisFaultStepsContract extends FaultStepsContract {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected OutageHarness harness() {
        return RedisOutageHarness.of(SERVER.get(), drivers());
    }
}
