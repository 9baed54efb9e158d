package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks while a master dies and a replica takes its place, for each driver. */
@Tag("long")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisFailoverContract {

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Test
    void behindSentinelOnlyWhatTheDeadMasterKeptToItselfIsLost() throws InterruptedException {
        try (RedisSentinels sentinels = RedisSentinels.start();
                TaskFleet fleet = new TaskFleet(sentinels.uri(), drivers())) {
            fleet.start();
            RedisServer former = sentinels.master();
            long replicated = awaitReplicas(former);
            long fence = fleet.greatestFence();
            former.kill();
            sentinels.awaitFailoverFrom(former);
            fleet.awaitMore(1000);
            judge(fleet, replicated, fence);
        }
    }

    @Test
    void onAClusterOnlyWhatTheDeadMasterKeptToItselfIsLost() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(1);
                TaskFleet fleet = new TaskFleet(cluster.uri(), drivers())) {
            fleet.start();
            RedisServer former = cluster.masterOf(fleet.key());
            long replicated = awaitReplicas(former);
            long fence = fleet.greatestFence();
            former.kill();
            TaskFleet.eventually().until(() -> cluster.masterOf(fleet.key()) != former);
            fleet.awaitMore(1000);
            judge(fleet, replicated, fence);
        }
    }

    /** A time before which all that was written has come to the replica. */
    private static long awaitReplicas(RedisServer master) {
        long now = System.nanoTime();
        long written = offset(master, "master_repl_offset:([0-9]+)");
        TaskFleet.eventually().until(() -> offset(master, "state=online,offset=([0-9]+)") >= written);
        return now;
    }

    private static long offset(RedisServer master, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(master.command("INFO", "replication"));
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    /** The account of a fleet whose master was killed once: when it was known to keep nothing, and the fence then. */
    private static void judge(TaskFleet fleet, long replicated, long fence) throws InterruptedException {
        fleet.finish();
        System.out.println("Master killed under load: " + fleet);
        assertThat(fleet.lost())
                .allSatisfy(number -> assertThat(fleet.acceptedTasks().get(number) - replicated)
                        .isPositive());
        assertThat(fleet.withFencesThatDoNotGrow()).isEmpty();
        assertThat(fleet.greatestFence()).isGreaterThan(fence);
        // an end that only the dead master knew is accepted once more: of a task that ran once more
        assertThat(fleet.accepted() - fleet.runs().size()).isLessThanOrEqualTo(fleet.secondStarts());
    }
}
