package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.tck.TaskFeatureContracts;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of the optional parts of the task broker behind Sentinel, for each driver. */
@Tag("long")
public abstract class RedisSentinelTaskFeaturesContract extends TaskFeatureContracts {
    @RegisterExtension
    static final Shared<RedisSentinels> SENTINELS = new Shared<>(RedisSentinels::start);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(SENTINELS.get(), drivers());
    }
}
