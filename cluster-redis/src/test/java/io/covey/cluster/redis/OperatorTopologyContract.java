package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Doctor;
import io.covey.cluster.redis.operator.Finding;
import io.covey.cluster.redis.operator.Finding.Level;
import io.covey.cluster.redis.operator.KeyCensus;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What operators are told about Sentinel and Redis Cluster, for each driver. */
public abstract class OperatorTopologyContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    private static TransportConfig config(String uri) {
        return TransportConfig.of(Address.as("", uri)).withTimeouts(PATIENCE, PATIENCE);
    }

    private List<Finding> findings(String uri) {
        return new Doctor(10_000).examine(config(uri), drivers());
    }

    private static ListAssert<String> dangers(List<Finding> findings, String check) {
        return assertThat(findings.stream()
                .filter(finding -> finding.level() == Level.DANGER)
                .filter(finding -> finding.check().equals(check))
                .map(Finding::what)
                .collect(Collectors.toList()));
    }

    @Test
    void ofRedisClusterAllMastersAreLookedAtAndASlotThatNobodyHasIsTold() {
        try (RedisCluster cluster = RedisCluster.start()) {
            for (int i = 0; i < 30; i++) {
                String key = "covey:cache/things/" + i;
                cluster.masterOf(key).command("SET", key, "x".repeat(100));
            }
            cluster.masterOf("{resque}").command("RPUSH", "{resque}:queue:mail", "x");
            List<Finding> before = findings(cluster.uri());
            dangers(before, "slots").isEmpty();
            dangers(before, "replication").hasSize(3).containsOnly("this master has no replica");
            assertThat(before).extracting(Finding::what).contains("31 keys looked at, which is all");
            assertThat(before)
                    .extracting(Finding::what)
                    .anyMatch(what ->
                            what.contains("queues that are not registered: 1 keys, such as {resque}:queue:mail"));
            KeyCensus.Report report =
                    new KeyCensus(1, 1_000_000, 3, false).take(config(cluster.uri()), drivers(), keys -> {});
            assertThat(report.keys()).isEqualTo(31);
            assertThat(report.families()).hasSize(2);

            RedisServer owner = cluster.masterOf("{resque}");
            for (RedisServer node : cluster.nodes()) {
                node.command("CLUSTER", "DELSLOTS", owner.command("CLUSTER", "KEYSLOT", "{resque}"));
            }
            dangers(findings(cluster.uri()), "slots").contains("1 of 16384 slots have no master");
        }
    }

    @Test
    void aMasterOfAClusterThatDoesNotAnswerIsToldAndTheOthersAreLookedAt() {
        try (RedisCluster cluster = RedisCluster.start()) {
            cluster.nodes().get(2).kill();
            List<Finding> findings = findings(cluster.uri());
            dangers(findings, "reach").singleElement().asString().startsWith("it cannot be reached: ");
            assertThat(findings)
                    .filteredOn(finding -> finding.check().equals("persistence"))
                    .hasSize(2);
        }
    }

    @Test
    void ofSentinelsTheSettingsAreToldAndTheMasterIsLookedAt() {
        try (RedisSentinels all = RedisSentinels.start()) {
            List<Finding> findings = findings(all.uri());
            dangers(findings, "sentinel").isEmpty();
            dangers(findings, "replication").isEmpty();
            assertThat(findings)
                    .filteredOn(finding -> finding.check().equals("sentinel"))
                    .extracting(Finding::what)
                    .contains("down-after-milliseconds is 500");
            assertThat(findings).extracting(Finding::what).contains("min-replicas-to-write is 0");
            assertThat(findings)
                    .filteredOn(finding -> finding.check().equals("persistence"))
                    .extracting(Finding::server)
                    .containsOnly("127.0.0.1:" + all.master().port());
            all.sentinels().get(0).command("SENTINEL", "SET", RedisSentinels.MASTER, "quorum", "9");
            dangers(findings(all.uri()), "sentinel").contains("the quorum is 9 of 3 sentinels");
            dangers(findings(Address.with("replicas=2", all.uri())), "replication")
                    .contains("the URI wants replicas=2, there are 1");
        }
    }
}
