package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.OutageContract;
import io.covey.cluster.tck.OutageHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of a broken line on one SERVER.get(), for each driver. */
public abstract class RedisOutageContract extends OutageContract {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected OutageHarness harness() {
        return RedisOutageHarness.of(SERVER.get(), drivers());
    }
}
