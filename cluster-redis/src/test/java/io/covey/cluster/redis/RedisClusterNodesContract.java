package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of running nodes on a cluster of three masters, for each driver. */
public abstract class RedisClusterNodesContract extends NodeContracts {
    @RegisterExtension
    static final Shared<RedisCluster> CLUSTER = new Shared<>(RedisCluster::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    final TransportHarness make() {
        return RedisHarness.of(CLUSTER.get(), drivers());
    }
}
