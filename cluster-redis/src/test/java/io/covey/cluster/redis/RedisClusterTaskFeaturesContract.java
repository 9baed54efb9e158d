package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.tck.TaskFeatureContracts;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of the optional parts of the task broker on a cluster of three masters, for each driver. */
@Tag("long")
public abstract class RedisClusterTaskFeaturesContract extends TaskFeatureContracts {
    @RegisterExtension
    static final Shared<RedisCluster> CLUSTER = new Shared<>(RedisCluster::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(CLUSTER.get(), drivers());
    }
}
