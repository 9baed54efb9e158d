package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks on a cluster whose slots move from master to master while they are enqueued and run, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisReshardContract {

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Test
    void aQueueWhoseSlotMovesUnderLoadWaitsAndGoesOn() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start();
                TaskFleet fleet = new TaskFleet(cluster.uri(), drivers())) {
            fleet.start();
            RedisServer first = cluster.masterOf(fleet.key());
            for (RedisServer node : cluster.nodes()) {
                if (node != first) {
                    cluster.moveSlot(fleet.key(), node, () -> {});
                    fleet.awaitMore(500);
                }
            }
            fleet.finish();
            System.out.println("Slot moved twice under load: " + fleet);
            assertThat(fleet.lost()).isEmpty();
            assertThat(fleet.secondStarts()).isZero();
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.accepted()).isEqualTo(fleet.acceptedTasks().size());
        }
    }
}
