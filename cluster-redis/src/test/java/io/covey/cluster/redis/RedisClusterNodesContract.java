package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contracts of running nodes on a cluster of three masters, for each driver. */
public abstract class RedisClusterNodesContract extends NodeContracts {
    private static RedisCluster cluster;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Override
    final TransportHarness make() {
        return RedisHarness.of(cluster, drivers());
    }
}
