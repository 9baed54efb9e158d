package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.tck.TaskFeatureContracts;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contracts of the optional parts of the task broker on a cluster of three masters, for each driver. */
@Tag("long")
public abstract class RedisClusterTaskFeaturesContract extends TaskFeatureContracts {
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
    protected TransportHarness harness() {
        return RedisHarness.of(cluster, drivers());
    }
}
