package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks while a master dies and a replica takes its place, for each driver. */
@Tag("long")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisFailoverContract {

    /** How long before its death a master may have kept to itself what it acknowledged, on a machine that is busy. */
    private static final Duration WINDOW = Duration.ofSeconds(10);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Test
    void behindSentinelOnlyWhatTheDeadMasterKeptToItselfIsLost() throws InterruptedException {
        try (RedisSentinels sentinels = RedisSentinels.start();
                TaskFleet fleet = new TaskFleet(sentinels.uri(), drivers())) {
            fleet.start();
            RedisServer former = sentinels.master();
            long before = System.nanoTime();
            long fence = fleet.greatestFence();
            former.kill();
            sentinels.awaitFailoverFrom(former);
            fleet.awaitMore(500);
            judge(fleet, before, fence);
        }
    }

    @Test
    void onAClusterOnlyWhatTheDeadMasterKeptToItselfIsLost() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(1);
                TaskFleet fleet = new TaskFleet(cluster.uri(), drivers())) {
            fleet.start();
            RedisServer former = cluster.masterOf(fleet.key());
            long before = System.nanoTime();
            long fence = fleet.greatestFence();
            former.kill();
            TaskFleet.eventually().until(() -> cluster.masterOf(fleet.key()) != former);
            fleet.awaitMore(500);
            judge(fleet, before, fence);
        }
    }

    /** The account of a fleet whose master was killed once, at that time and when that was the greatest fence. */
    private static void judge(TaskFleet fleet, long killed, long fence) throws InterruptedException {
        fleet.finish();
        System.out.println("Master killed under load: " + fleet);
        assertThat(fleet.lost())
                .allSatisfy(number -> assertThat(fleet.acceptedTasks().get(number) - killed)
                        .isGreaterThan(-WINDOW.toNanos()));
        assertThat(fleet.withFencesThatDoNotGrow()).isEmpty();
        assertThat(fleet.greatestFence()).isGreaterThan(fence);
        // an end that only the dead master knew is accepted once more, of a start that only it knew none
        long again = fleet.accepted() - fleet.runs().size();
        assertThat(again).isLessThanOrEqualTo(fleet.secondStarts());
        for (List<TaskFleet.Run> runs : fleet.runs().values()) {
            if (runs.size() > 1) {
                assertThat(runs.get(0).at() - killed).isGreaterThan(-WINDOW.toNanos());
            }
        }
    }
}
