package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Registration;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
                    long before = toldToWait(cluster);
                    cluster.moveSlot(
                            fleet.key(), node, () -> TaskFleet.eventually().until(() -> toldToWait(cluster) > before));
                    fleet.awaitMore(500);
                }
            }
            fleet.finish();
            System.out.println(
                    "Slot moved twice under load: " + fleet + ", told to wait " + toldToWait(cluster) + " times");
            assertThat(fleet.lost()).isEmpty();
            assertThat(fleet.secondStarts()).isZero();
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.accepted()).isEqualTo(fleet.acceptedTasks().size());
        }
    }

    /** How many calls found some of their keys here and others there. */
    private static long toldToWait(RedisCluster cluster) {
        return cluster.nodes().stream()
                .flatMap(node -> node.command("INFO", "errorstats").lines())
                .filter(line -> line.startsWith("errorstat_TRYAGAIN:count="))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                .sum();
    }

    @Test
    void aWatchFollowsTheSlotOfItsQueues() {
        try (RedisCluster cluster = RedisCluster.start();
                RedisHarness harness = RedisHarness.of(cluster, drivers());
                Transport transport = harness.open();
                Transport beside = harness.open()) {
            TaskBroker broker = transport.tasks().orElseThrow();
            AtomicInteger hints = new AtomicInteger();
            Registration watch = broker.watch(Set.of("mail"), queue -> hints.incrementAndGet());
            TaskFleet.eventually().until(() -> hints.get() > 0);
            String key = harness.keys().taskNamespace() + ":queue:mail";
            RedisServer first = cluster.masterOf(key);
            for (RedisServer node : cluster.nodes()) {
                if (node != first) {
                    cluster.moveSlot(key, node, () -> {});
                    // what any worker does once a second
                    Await.on(broker.inspector().queues(), Duration.ofSeconds(60), "a look into the queues");
                    hears(hints, beside.tasks().orElseThrow());
                }
            }
            watch.close();
        }
    }

    /** Until the link has moved a hint may fail to come. */
    private static void hears(AtomicInteger hints, TaskBroker producer) {
        String lane = UUID.randomUUID().toString();
        AtomicLong seq = new AtomicLong();
        for (int i = 0; i < 3; i++) {
            TaskFleet.eventually().until(() -> {
                int before = hints.get();
                NewTask task = new NewTask("t", "[]".getBytes(UTF_8), Optional.empty(), Optional.empty());
                Await.on(
                        producer.enqueue("mail", new Call(lane, seq.incrementAndGet()), List.of(task)),
                        Duration.ofSeconds(60),
                        "enqueue");
                for (int n = 0; n < 50 && hints.get() == before; n++) {
                    LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
                }
                return hints.get() > before;
            });
        }
    }
}
