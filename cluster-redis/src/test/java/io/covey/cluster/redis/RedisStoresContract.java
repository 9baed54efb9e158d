package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of the stores and the bus on one SERVER.get(), for each driver. */
public abstract class RedisStoresContract extends StoreContracts {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    final TransportHarness make() {
        return RedisHarness.of(SERVER.get(), drivers());
    }
}
