package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.on;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers as the tools of every fleet list them, and theirs as we do. */
final class WorkerRegistryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    private TaskBench bench;
    private WorkerRegistry workers;
    private String resque;

    @BeforeEach
    void open() {
        bench = new TaskBench(SERVER.get());
        workers = bench.broker.workers().orElseThrow();
        resque = bench.harness.keys().taskNamespace() + ":";
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static WorkerInfo worker(String owner, List<String> queues, Running... running) {
        return new WorkerInfo(owner, "host:1", 7, queues, NOW.minusSeconds(10), NOW, 5, 2, 8, List.of(running));
    }

    private static Running running(Duration age) {
        return new Running("mail", "id-1", "send", "[1,{}]".getBytes(UTF_8), NOW.minus(age));
    }

    private List<String> members() {
        return TaskBench.texts(bench.ask("SMEMBERS", resque + "workers"));
    }

    private List<String> keys() {
        return TaskBench.texts(bench.ask("KEYS", resque + "*")).stream()
                .sorted()
                .toList();
    }

    @Test
    void aWorkerStandsWhereEveryFleetLooksWithoutPingAndHeartbeatAndNotUnderItsHostsName() {
        on(workers.report(worker("ada", List.of("mail", "slow"), running(Duration.ofSeconds(3)))));
        String member = members().get(0);
        assertThat(member).matches("covey\\.host-1:7\\+[0-9a-f]{8}:mail,slow");
        String name = member.substring(0, member.lastIndexOf(':'));
        assertThat(keys())
                .containsExactlyInAnyOrder(
                        resque + "workers",
                        resque + "worker:" + member,
                        resque + "worker:" + member + ":started",
                        resque + "stat:processed:" + name,
                        resque + "stat:failed:" + name);
        assertThat(Replies.text(bench.ask("GET", resque + "worker:" + member)))
                .isEqualTo("{\"run_at\":\"2026-01-01T00:00:07Z\",\"worker\":\"" + name
                        + "\",\"payload\":{\"class\":\"send\",\"queue\":\"mail\",\"args\":[1,{}]},\"queue\":\"mail\"}");
        assertThat(Replies.text(bench.ask("GET", resque + "worker:" + member + ":started")))
                .isEqualTo("1767225600");
        assertThat(Replies.text(bench.ask("GET", resque + "stat:processed:" + name)))
                .isEqualTo("5");
    }

    @Test
    void shortRunsAreNotWorthAKeyAndALongOneThatEndedLeavesNone() {
        on(workers.report(worker("ada", List.of("mail"), running(Duration.ofMillis(99)))));
        assertThat(keys()).hasSize(4);
        on(workers.report(worker("ada", List.of("mail"), running(Duration.ofMillis(200)))));
        assertThat(keys()).hasSize(5);
        on(workers.report(worker("ada", List.of("mail"))));
        assertThat(keys()).hasSize(4);
    }

    @Test
    void aWorkerIsListedAsItReportedAndGoneWithoutATraceWhenItRetires() {
        WorkerInfo ada = worker("ada", List.of("mail"), running(Duration.ofSeconds(3)));
        on(workers.report(ada));
        on(workers.report(worker("bob", List.of("mail"))));
        List<WorkerInfo> all = on(workers.list());
        assertThat(all).extracting(WorkerInfo::owner).containsExactly("ada", "bob");
        assertThat(all.get(0)).usingRecursiveComparison().ignoringFields("seen").isEqualTo(ada);
        assertThat(all.get(0).seen()).isAfter(Instant.now().minusSeconds(60));
        on(workers.retire("ada"));
        on(workers.retire("ada"));
        on(bench.otherBroker().workers().orElseThrow().retire("bob"));
        assertThat(on(workers.list())).isEmpty();
        assertThat(keys()).isEmpty();
    }

    @Test
    void aWorkerThatServesOtherQueuesIsListedOnce() {
        on(workers.report(worker("ada", List.of("mail"))));
        on(workers.report(worker("ada", List.of("mail", "more"))));
        assertThat(members()).hasSize(1).allMatch(member -> member.endsWith(":mail,more"));
        assertThat(keys()).hasSize(4);
    }

    @Test
    void aWorkerThatFellSilentIsTakenOffByAnyOtherAndForeignOnesStay() {
        on(workers.report(worker("ada", List.of("mail"))));
        String records = bench.ourWorkers() + "records";
        String record = Replies.text(bench.ask("HGET", records, "ada"));
        bench.ask("HSET", records, "ada", "5" + record.substring(record.indexOf('|')));
        bench.ask("SADD", resque + "workers", "other:1:mail");
        assertThat(on(workers.list())).extracting(WorkerInfo::owner).containsExactly("other:1:mail");
        on(bench.otherBroker().workers().orElseThrow().report(worker("bob", List.of("mail"))));
        await().untilAsserted(() -> assertThat(members())
                .hasSize(2)
                .contains("other:1:mail")
                .noneMatch(member -> member.equals(WorkerKeys.member(worker("ada", List.of("mail"))))));
        await().untilAsserted(() -> assertThat(bench.ask("HLEN", records)).isEqualTo(1L));
    }

    @Test
    void workersOfEveryFleetAreReadInTheirOwnForms() {
        bench.ask(
                "SADD",
                resque + "workers",
                "nodehost:12+3:a,b",
                "rubyhost:77:*",
                "javahost:5-2:JAVA_DYNAMIC_QUEUES,q1");
        bench.ask("SET", resque + "worker:nodehost:12+3:a,b:started", "1767225600");
        bench.ask(
                "SET", resque + "worker:ping:nodehost:12+3", "{\"time\":1767225605,\"name\":\"x\",\"queues\":\"a,b\"}");
        bench.ask("SET", resque + "stat:processed:nodehost:12+3", "9");
        bench.ask(
                "SET",
                resque + "worker:nodehost:12+3:a,b",
                "{\"queue\":\"a\",\"run_at\":\"Thu Jan 01 2026 00:00:09 GMT+0000 (Coordinated Universal Time)\","
                        + "\"payload\":{\"args\":{},\"class\":\"slow\",\"queue\":\"a\"},\"worker\":\"nodehost:12+3\"}");
        bench.ask("SET", resque + "worker:rubyhost:77:*:started", "2026-01-01 00:00:00 +0000");
        bench.ask("HSET", resque + "workers:heartbeat", "rubyhost:77:*", "2026-01-01T00:00:07Z");
        bench.ask("SET", resque + "stat:failed:rubyhost:77:*", "4");
        bench.ask("SET", resque + "worker:javahost:5-2:JAVA_DYNAMIC_QUEUES,q1:started", "2026-01-01T00:00:00.000+0000");
        List<WorkerInfo> all = on(workers.list());
        WorkerInfo java = all.get(0);
        WorkerInfo node = all.get(1);
        WorkerInfo ruby = all.get(2);
        assertThat(java.queues()).containsExactly("q1");
        assertThat(java.pid()).isEqualTo(5);
        assertThat(java.since()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(node.host()).isEqualTo("nodehost");
        assertThat(node.pid()).isEqualTo(12);
        assertThat(node.queues()).containsExactly("a", "b");
        assertThat(node.seen()).isEqualTo(Instant.parse("2026-01-01T00:00:05Z"));
        assertThat(node.processed()).isEqualTo(9);
        assertThat(node.running()).hasSize(1);
        assertThat(node.running().get(0).since()).isEqualTo(Instant.parse("2026-01-01T00:00:09Z"));
        assertThat(new String(node.running().get(0).args(), UTF_8)).isEqualTo("[]");
        assertThat(ruby.queues()).containsExactly("*");
        assertThat(ruby.seen()).isEqualTo(Instant.parse("2026-01-01T00:00:07Z"));
        assertThat(ruby.failed()).isEqualTo(4);
    }

    @Test
    void whatNodeResqueLeavesOfADeadWorkerIsDeletedAfterAnHourAndNothingElse() {
        String old = "{\"run_at\":\"Thu Jan 01 2026 00:00:09 GMT+0000 (Coordinated Universal Time)\",\"queue\":\"a\"}";
        String fresh = "{\"run_at\":\"" + Instant.now() + "\",\"queue\":\"a\"}";
        bench.ask("SADD", resque + "workers", "alive:1:a");
        bench.ask("SET", resque + "worker:alive:1:a", old);
        bench.ask("SET", resque + "worker:dead:1:a", old);
        bench.ask("SET", resque + "worker:lately:1:a", fresh);
        bench.ask("SET", resque + "worker:ping:dead:1", "{\"time\":5}");
        bench.ask("SET", resque + "worker:odd:1:a", "no json");
        bench.ask("LPUSH", resque + "worker:list:1:a", old);
        on(workers.report(worker("ada", List.of("mail"))));
        await().until(() -> bench.ask("EXISTS", resque + "worker:dead:1:a").equals(0L));
        assertThat(bench.ask(
                        "EXISTS",
                        resque + "worker:alive:1:a",
                        resque + "worker:lately:1:a",
                        resque + "worker:ping:dead:1",
                        resque + "worker:odd:1:a",
                        resque + "worker:list:1:a"))
                .isEqualTo(5L);
    }
}
