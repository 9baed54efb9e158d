package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract of the task broker behind Sentinel, for each driver. */
@Tag("long")
public abstract class RedisSentinelTasksContract extends TaskBrokerContract {
    private static RedisSentinels sentinels;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startServers() {
        sentinels = RedisSentinels.start();
    }

    @AfterAll
    static void stopServers() {
        sentinels.close();
    }

    @Override
    protected TransportHarness harness() {
        return RedisHarness.of(sentinels, drivers());
    }
}
