package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every driver does on Redis Cluster. */
@Tag("long")
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ClusterContract extends DriverSuite {

    /** For the driver modules. */
    protected ClusterContract() {}

    @Test
    void commandsGoToTheMasterOfTheirKeyAndABatchKeepsItsOrder() {
        try (RedisCluster cluster = RedisCluster.start()) {
            RedisDriver driver = open(cluster.uri());
            for (int i = 0; i < 50; i++) {
                assertThat(text(reply(driver, "SET", "k" + i, i))).isEqualTo("OK");
            }
            List<RedisCommand> batch = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                batch.add(RedisCommand.keyed("RPUSH", "list" + i % 10, i));
                batch.add(RedisCommand.keyed("GET", "k" + i % 50));
            }
            List<Object> replies = reply(driver.sendAll(batch));
            for (int i = 0; i < 200; i++) {
                assertThat(replies.get(2 * i)).isEqualTo(i / 10 + 1L);
                assertThat(text(replies.get(2 * i + 1))).isEqualTo(String.valueOf(i % 50));
            }
            assertThat(text(reply(driver.send(RedisCommand.of("PING"))))).isEqualTo("PONG");
            assertThatThrownBy(() -> reply(driver, "MGET", "a", "b"))
                    .isInstanceOf(RedisErrorException.class)
                    .hasMessageStartingWith("CROSSSLOT");
        }
    }

    @Test
    void whatIsSentAsideGoesToTheMasterOfItsKey() {
        try (RedisCluster cluster = RedisCluster.start()) {
            RedisDriver driver = open(cluster.uri());
            List<Long> before = clients(cluster);
            within(30).until(() -> {
                for (int i = 0; i < 20; i++) {
                    RedisCommand set = RedisCommand.keyed("SET", "k" + i, i).sentAside();
                    assertThat(text(reply(driver.send(set)))).isEqualTo("OK");
                }
                return IntStream.range(0, before.size())
                        .allMatch(i -> clients(cluster).get(i) == before.get(i) + 1);
            });
            isMadeAnew(driver);
            List<Object> replies = reply(driver.sendAll(IntStream.range(0, 20)
                    .mapToObj(i -> RedisCommand.keyed("GET", "k" + i).sentAside())
                    .toList()));
            assertThat(text(replies))
                    .isEqualTo(
                            IntStream.range(0, 20).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void aSlotThatMovesIsFollowedAndNothingIsDoneTwice() {
        try (RedisCluster cluster = RedisCluster.start()) {
            aSlotThatMovesIsFollowed(cluster);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown-endpoint", "hostname"})
    void aSlotMovesThoughNoNodeTellsAHost(String endpoints) {
        assumeTrue(isSevenOrNewer(), "the server always tells addresses");
        try (RedisCluster cluster = RedisCluster.start()) {
            cluster.nodes()
                    .forEach(node -> node.command("CONFIG", "SET", "cluster-preferred-endpoint-type", endpoints));
            aSlotThatMovesIsFollowed(cluster);
        }
    }

    private void aSlotThatMovesIsFollowed(RedisCluster cluster) {
        RedisDriver driver = open(cluster.uri());
        String key = "{tag}list";
        int slot = HashSlots.of("tag");
        RedisServer from = cluster.masterOf(key);
        RedisServer to = cluster.nodes().stream()
                .filter(node -> node.port() != from.port())
                .findFirst()
                .orElseThrow();
        assertThat(reply(driver, "RPUSH", key, 0)).isEqualTo(1L);
        String fromId = from.command("CLUSTER", "MYID");
        String toId = to.command("CLUSTER", "MYID");
        to.command("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", fromId);
        from.command("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", toId);
        assertThat(reply(driver, "RPUSH", "{tag}new", 1)).isEqualTo(1L);
        assertThat(text(reply(driver.sendAll(List.of(
                        RedisCommand.keyed("RPUSH", "{tag}new", 2),
                        RedisCommand.keyed("RPUSH", key, 1),
                        RedisCommand.keyed("RPUSH", "{tag}new", 3))))))
                .isEqualTo(List.of(2L, 2L, 3L));
        Object tryAgain = reply(driver.sendAll(List.of(RedisCommand.keyed("DEL", key, "{tag}new"))))
                .get(0);
        assertThat(((RedisError) tryAgain).code()).isEqualTo("TRYAGAIN");
        from.command("MIGRATE", "127.0.0.1", "" + to.port(), key, "0", "5000");
        to.command("CLUSTER", "SETSLOT", "" + slot, "NODE", toId);
        from.command("CLUSTER", "SETSLOT", "" + slot, "NODE", toId);
        List<RedisCommand> batch = IntStream.range(2, 20)
                .mapToObj(i -> RedisCommand.keyed("RPUSH", key, i))
                .toList();
        reply(driver.sendAll(batch));
        assertThat(text(reply(driver, "LRANGE", key, 0, -1)))
                .isEqualTo(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
        assertThat(text(reply(driver, "LRANGE", "{tag}new", 0, -1))).isEqualTo(List.of("1", "2", "3"));
    }

    @Test
    void aMasterThatDiesIsReplacedAndTheOthersGoOn() {
        try (RedisCluster cluster = RedisCluster.start(1)) {
            States states = new States();
            RedisDriver driver = open(cluster.uri(), COMMAND, states);
            String key = "k";
            RedisServer master = cluster.masterOf(key);
            Heard heard = new Heard();
            driver.open(
                    new LinkSpec("test", Optional.of(key), () -> List.of(RedisCommand.of("SUBSCRIBE", "a")), heard));
            heard.awaitUps(1);
            assertThat(reply(driver, "INCR", key)).isEqualTo(1L);
            String other = IntStream.range(0, 100)
                    .mapToObj(Integer::toString)
                    .filter(k -> cluster.masterOf(k).port() != master.port())
                    .findFirst()
                    .orElseThrow();
            master.kill();
            fails(driver.send(RedisCommand.keyed("INCR", key)));
            assertThat(text(reply(driver, "SET", other, "v"))).isEqualTo("OK");
            within(30).ignoreExceptions().until(() -> (Long) reply(driver, "INCR", key) >= 2);
            heard.awaitUps(2);
            within(10).until(() -> states.heard.size() == 2);
            assertThat(states.heard.get(0)).startsWith("down: redis ");
            assertThat(states.heard.get(1)).isEqualTo("up");
            cluster.masterOf(key).command("PUBLISH", "a", "x");
            within(5).until(() -> heard.pushes.contains("message [a, x]"));
        }
    }

    @Test
    void closingLeavesNothingOpenOnAnyNode() {
        try (RedisCluster cluster = RedisCluster.start()) {
            List<Long> before = clients(cluster);
            RedisDriver driver = open(cluster.uri());
            reply(driver, "SET", "k", "v");
            driver.close();
            fails(driver.send(RedisCommand.of("PING")));
            within(10).untilAsserted(() -> assertThat(clients(cluster)).isEqualTo(before));
        }
    }

    @Test
    void whatIsNoClusterIsToldInOneLine() {
        assertThatThrownBy(() -> open(server.uri().replaceFirst("redis", "redis-cluster")))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("cluster support disabled")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> open("redis-cluster://127.0.0.1:1,127.0.0.1:2"))
                .isInstanceOf(TransportException.class)
                .hasMessage("no node told the slots of the cluster: redis 127.0.0.1:1: connection refused;"
                        + " redis 127.0.0.1:2: connection refused");
    }

    private static List<Long> clients(RedisCluster cluster) {
        return cluster.nodes().stream()
                .map(node -> node.command("CLIENT", "LIST").lines().count())
                .toList();
    }
}
