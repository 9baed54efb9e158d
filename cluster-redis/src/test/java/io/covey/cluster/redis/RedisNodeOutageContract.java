package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.LineHarness;
import io.covey.cluster.tck.NodeOutageContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of nodes over a broken line on one SERVER.get(), for each driver. */
public abstract class RedisNodeOutageContract extends NodeOutageContract {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected LineHarness harness() {
        return RedisOutageHarness.patient(SERVER.get(), drivers());
    }
}
