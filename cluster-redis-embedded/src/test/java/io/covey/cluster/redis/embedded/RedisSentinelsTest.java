package io.covey.cluster.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RedisSentinelsTest {

    @Test
    void aReplicaTakesOverFromAKilledMasterWithItsData() {
        List<RedisServer> all = new ArrayList<>();
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            all.addAll(sentinels.servers());
            all.addAll(sentinels.sentinels());
            assertThat(sentinels.uri())
                    .matches("redis-sentinel://127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+/covey");
            RedisServer former = sentinels.master();
            assertThat(former).isSameAs(sentinels.servers().get(0));
            former.command("SET", "k", "v");
            RedisServer replica = sentinels.servers().get(1);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> replica.command("GET", "k").equals("v"));

            former.kill();
            RedisServer master = sentinels.awaitFailoverFrom(former);

            assertThat(master).isSameAs(replica);
            assertThat(master.command("GET", "k")).isEqualTo("v");
            assertThat(master.command("SET", "k", "w")).isEqualTo("OK");

            master.restart();
            assertThat(master.command("ROLE"))
                    .as("a restart does not undo the promotion")
                    .startsWith("[master,");
        }
        assertThat(all).hasSize(5).noneMatch(RedisServer::isRunning);
    }

    @Test
    void wrongOptionsAreRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisSentinels.start(0, Duration.ofSeconds(1)))
                .withMessage("replicas must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisSentinels.start(1, Duration.ofMillis(1)))
                .withMessage("downAfter must be at least 100 ms, was 1");
    }
}
