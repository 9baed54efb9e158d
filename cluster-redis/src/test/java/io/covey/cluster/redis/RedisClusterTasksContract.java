package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of the task broker on a cluster of three masters, for each driver. */
public abstract class RedisClusterTasksContract extends TaskBrokerContract {
    @RegisterExtension
    static final Shared<RedisCluster> CLUSTER = new Shared<>(RedisCluster::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(CLUSTER.get(), drivers());
    }
}
