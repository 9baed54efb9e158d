package io.covey.cluster.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RedisClusterTest {

    @Test
    void eachKeyHasOneMasterAndTheOthersPointToIt() {
        List<RedisServer> nodes;
        try (RedisCluster cluster = RedisCluster.start()) {
            nodes = cluster.nodes();
            assertThat(cluster.uri())
                    .matches("redis-cluster://127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+");
            assertThat(nodes).hasSize(3).allMatch(node -> node.port() <= 55_535);
            for (String key : List.of("a", "b", "c", "{resque}:queues")) {
                RedisServer master = cluster.masterOf(key);
                assertThat(master.command("SET", key, "v")).isEqualTo("OK");
                assertThat(nodes)
                        .filteredOn(node -> node != master)
                        .allSatisfy(node -> assertThatThrownBy(() -> node.command("GET", key))
                                .hasMessageContaining("MOVED")
                                .hasMessageContaining("127.0.0.1:" + master.port()));
            }
        }
        assertThat(nodes).noneMatch(RedisServer::isRunning);
    }

    @Test
    void aReplicaTakesOverFromAKilledMasterWithItsData() {
        try (RedisCluster cluster = RedisCluster.start(1)) {
            RedisServer former = cluster.masterOf("k");
            former.command("SET", "k", "v");
            assertThat(former.command("WAIT", "1", "5000")).isEqualTo("1");

            former.kill();

            await().atMost(Duration.ofSeconds(30)).until(() -> cluster.masterOf("k") != former);
            cluster.awaitOk();
            assertThat(cluster.masterOf("k").command("GET", "k")).isEqualTo("v");
        }
    }
}
