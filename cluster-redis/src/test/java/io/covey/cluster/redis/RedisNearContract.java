package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cache;
import io.covey.cluster.NearOptions;
import io.covey.cluster.NearStats;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.FaultProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What readers with near copies see while links, connections and servers fail, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisNearContract {
    private static final NearOptions NEAR = NearOptions.entries(1000);
    private static final NearOptions SHORT = NEAR.withMaxStale(Duration.ofSeconds(1));

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    private NearFleet fleet() {
        return new NearFleet(drivers(), NEAR);
    }

    @Test
    void readersSeeNothingOlderThanTheySawThoughTheirLinksAreKilledAgainAndAgain() throws Exception {
        hammer(Duration.ofSeconds(2));
    }

    @Test
    @Tag("long")
    void readersSeeNothingOlderThanTheySawForAMinute() throws Exception {
        hammer(Duration.ofSeconds(60));
    }

    private void hammer(Duration time) throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                NearFleet fleet = fleet()) {
            fleet.writeBy(server.uri());
            fleet.readBy(server.uri());
            fleet.readBy(server.uri());
            fleet.start();
            int killed = 0;
            for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
                killed += NearFleet.killLinks(server);
                if (killed % 10 == 9) {
                    server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
                fleet.awaitMoreReads(ThreadLocalRandom.current().nextInt(2_000));
                fleet.awaitMorePuts(ThreadLocalRandom.current().nextInt(50));
            }
            fleet.finish();
            System.out.println("Near copies, " + killed + " links killed: " + fleet);
            assertThat(killed).isPositive();
        }
    }

    @Test
    void aReaderIsRightOnceItsLinkWasKilledAndTheValueWasChanged() throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                NearFleet fleet = fleet()) {
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(server.uri());
            Rightness worst = new Rightness(0, 0);
            for (int round = 0; round < 30; round++) {
                fleet.write("a");
                NearFleet.awaitCopies(reader, "a");
                assertThat(NearFleet.killLinks(server)).isEqualTo(1);
                long next = fleet.write("a");
                worst = worst.worse(Rightness.of(reader, "a", next, System.nanoTime()));
            }
            System.out.println("Link killed, the worst of 30: " + worst);
        }
    }

    @Test
    void aReaderIsRightAfterACut() throws Exception {
        cut(Duration.ofSeconds(2), NEAR);
    }

    @Test
    @Tag("long")
    void aReaderIsRightAfterACutOfTenSeconds() throws Exception {
        cut(Duration.ofSeconds(10), NEAR);
    }

    private void cut(Duration time, NearOptions near) throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                FaultProxy proxy = new FaultProxy(server.port());
                NearFleet fleet = new NearFleet(drivers(), near)) {
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(Address.through(proxy, server));
            fleet.readBy(server.uri());
            fleet.start();
            NearFleet.awaitCopies(reader, "a");
            proxy.hold();
            long cutAt = System.nanoTime();
            // the other node's reads go on, and so does the writer
            while (System.nanoTime() - cutAt < time.toNanos()) {
                fleet.awaitMorePuts(10);
            }
            fleet.pauseWriting();
            long last = fleet.write("a");
            proxy.pass();
            Rightness right = Rightness.of(reader, "a", last, System.nanoTime());
            fleet.finish();
            System.out.println("Cut of " + time + ": " + right + "; " + fleet);
        }
    }

    @Test
    @Tag("long")
    void aReaderWhoseLinkAloneIsDeafIsRightOnceItCannotBeProven() throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                FaultProxy proxy = new FaultProxy(server.port());
                NearFleet fleet = new NearFleet(drivers(), SHORT)) {
            RedisUri deaf = RedisUri.parse(Address.through(proxy, server));
            RedisDriverFactory linksByProxy = (uri, connect, command, state) -> new LinksElsewhere(
                    drivers().open(uri, connect, command, state),
                    drivers().open(deaf, connect, command, new Availability()));
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(server.uri(), linksByProxy);
            fleet.write("a");
            NearFleet.awaitCopies(reader, "a");
            proxy.blackhole();
            long next = fleet.write("a");
            Rightness right = Rightness.of(reader, "a", next, System.nanoTime());
            System.out.println("Deaf link, maxStale 1 s: " + right);
            // on a busy machine the proof itself may be late, but not by much
            assertThat(right.lastWrong()).isLessThan(30_000);
            for (int i = 0; i < 100; i++) {
                assertThat(reader.get("a")).contains(next);
            }
            proxy.pass();
            proxy.reset();
            NearFleet.awaitCopies(reader, "a");
        }
    }

    @Test
    void aReaderIsRightAfterARestartOfTheServer() throws Exception {
        try (RedisServer server = RedisServer.builder().appendOnly(true).start();
                NearFleet fleet = fleet()) {
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(server.uri());
            fleet.readBy(server.uri());
            fleet.start();
            fleet.awaitMorePuts(50);
            server.kill();
            server.restart();
            fleet.pauseWriting();
            long last = fleet.write("a");
            Rightness right = Rightness.of(reader, "a", last, System.nanoTime());
            fleet.finish();
            System.out.println("Server restarted: " + right + "; " + fleet);
        }
    }

    @Test
    void whenTheServersDataAreFlushedNothingIsLeftHere() throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                NearFleet fleet = fleet()) {
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(server.uri());
            fleet.write("a");
            NearFleet.awaitCopies(reader, "a");
            server.command("FLUSHALL");
            NearFleet.eventually().until(() -> reader.get("a").isEmpty());
            fleet.write("a");
            NearFleet.awaitCopies(reader, "a");
        }
    }

    @Test
    void aServerThatRefusesTrackingIsReadEachTimeUntilItAllowsIt() throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                NearFleet fleet = fleet()) {
            server.command("ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-client");
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(Address.as("app:pw", server));
            for (int i = 0; i < 20; i++) {
                long next = fleet.write("a");
                assertThat(reader.get("a")).isEqualTo(Optional.of(next));
                assertThat(reader.get("a")).isEqualTo(Optional.of(next));
            }
            NearStats stats = reader.nearStats().orElseThrow();
            assertThat(stats.hits()).isZero();
            server.command("ACL", "SETUSER", "app", "+client|tracking");
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            NearFleet.awaitCopies(reader, "a");
        }
    }

    @Test
    void theCopiesStayInTheirBoundWhileManyKeysAreRead() throws Exception {
        try (RedisServer server = RedisServer.builder().start();
                NearFleet fleet = new NearFleet(drivers(), NearOptions.entries(500))) {
            fleet.writeBy(server.uri());
            Cache<Long> reader = fleet.readBy(server.uri());
            fleet.write("k0");
            NearFleet.awaitCopies(reader, "k0");
            for (int i = 0; i < 3000; i++) {
                fleet.writer().put("k" + i, (long) i);
                assertThat(reader.get("k" + i)).isPresent();
            }
            NearFleet.eventually().until(() -> reader.nearStats().orElseThrow().entries() <= 500);
        }
    }

    @Test
    @Tag("long")
    void onAClusterReadersSeeNothingOlderThoughLinksAreKilledAndSlotsMove() throws Exception {
        try (RedisCluster cluster = RedisCluster.start();
                NearFleet fleet = fleet()) {
            fleet.writeBy(cluster.uri());
            fleet.readBy(cluster.uri());
            fleet.readBy(cluster.uri());
            fleet.start();
            int killed = 0;
            for (int round = 0; round < 60; round++) {
                RedisServer any = cluster.nodes().get(round % 3);
                killed += NearFleet.killLinks(any);
                fleet.awaitMoreReads(1_000);
                if (round % 10 == 5) {
                    String key = "covey:cache/numbers/b";
                    RedisServer from = cluster.masterOf(key);
                    cluster.moveSlot(
                            key,
                            cluster.nodes().get((cluster.nodes().indexOf(from) + 1) % 3),
                            () -> fleet.awaitMorePuts(5));
                }
            }
            fleet.finish();
            System.out.println("Near copies on a cluster, " + killed + " links killed, 6 slots moved: " + fleet);
            assertThat(killed).isPositive();
        }
    }

    @Test
    @Tag("long")
    void onAClusterReadersAreRightAfterAFailover() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(1);
                NearFleet fleet = fleet()) {
            fleet.writeBy(cluster.uri());
            Cache<Long> reader = fleet.readBy(cluster.uri());
            String key = "covey:cache/numbers/a";
            fleet.write("a");
            NearFleet.awaitCopies(reader, "a");
            RedisServer former = cluster.masterOf(key);
            former.kill();
            NearFleet.eventually().until(() -> cluster.masterOf(key) != former);
            for (int round = 0; round < 20; round++) {
                long next = fleet.write("a");
                NearFleet.eventually()
                        .ignoreExceptions()
                        .until(() -> reader.get("a").equals(Optional.of(next)));
            }
            NearFleet.awaitCopies(reader, "a");
        }
    }

    @Test
    @Tag("long")
    void onAClusterAReaderIsRightWhileASlotMovesToAMasterThatHasNone() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(1);
                NearFleet fleet = fleet()) {
            RedisServer empty = withoutSlots(cluster);
            fleet.writeBy(cluster.uri());
            Cache<Long> reader = fleet.readBy(cluster.uri());
            fleet.write("a");
            NearFleet.awaitCopies(reader, "a");
            cluster.moveSlot("covey:cache/numbers/a", empty, () -> {
                for (int round = 0; round < 5; round++) {
                    NearFleet.awaitCopies(reader, "a");
                    long next = fleet.write("a");
                    NearFleet.eventually().until(() -> reader.get("a").equals(Optional.of(next)));
                }
            });
            NearFleet.awaitCopies(reader, "a");
        }
    }

    /** Makes a replica a master of its own. */
    private static RedisServer withoutSlots(RedisCluster cluster) {
        RedisServer node = cluster.nodes().get(3);
        String id = node.command("CLUSTER", "MYID");
        node.command("CLUSTER", "RESET", "SOFT");
        cluster.nodes().get(0).command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port()));
        NearFleet.eventually()
                .until(() -> cluster.nodes().stream()
                                .flatMap(
                                        each -> each.command("CLUSTER", "NODES").lines())
                                .filter(line -> line.startsWith(id))
                                .filter(line -> line.contains("master") && line.contains(" connected"))
                                .count()
                        == cluster.nodes().size());
        cluster.awaitOk();
        return node;
    }
}
