package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Gap;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Doctor;
import io.covey.cluster.redis.operator.Finding;
import io.covey.cluster.redis.operator.Finding.Level;
import io.covey.cluster.redis.operator.KeyCensus;
import io.covey.cluster.redis.operator.KeyCensus.Line;
import io.covey.cluster.redis.operator.Rights;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators are told about a server, and what users may do, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class OperatorContract {
    private static final String NOT_ALLOWED = "(?s).*(NOPERM|can.t run this command|has no permissions).*";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> AS_IT_SHOULD_BE = List.of(
            "maxmemory=1gb",
            "maxmemory-policy=noeviction",
            "appendonly=yes",
            "appendfsync=everysec",
            "no-appendfsync-on-rewrite=no",
            "timeout=0",
            "tcp-keepalive=300",
            "client-output-buffer-limit=pubsub 33554432 8388608 60",
            "min-replicas-to-write=0",
            "notify-keyspace-events=",
            "slowlog-log-slower-than=10000",
            "lua-time-limit=5000");

    private static RedisServer server;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startServer() {
        server = RedisServer.builder().appendOnly(true).start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void factsAreWhatTheServerSaysOfItselfAndNameTheRightThatIsMissing() {
        for (boolean may : List.of(true, false)) {
            RedisHarness harness = RedisHarness.of(server, may ? Role.READER : Role.APPLICATION, drivers());
            try (Transport transport = harness.open()) {
                Map<String, String> facts = Await.on(transport.facts(), PATIENCE, "facts");
                if (may) {
                    assertThat(server.command("INFO", "server"))
                            .contains("redis_version:" + facts.get("redis_version"));
                    assertThat(facts).containsEntry("role", "master").containsEntry("aof_enabled", "1");
                    assertThat(facts.get("used_memory_human")).matches("[0-9.]+[BKMG]");
                    assertThat(Long.parseLong(facts.get("connected_clients"))).isPositive();
                } else {
                    assertThat(facts).containsOnlyKeys("INFO");
                    assertThat(facts.get("INFO")).contains("+info").contains("NOPERM");
                }
            }
        }
    }

    @BeforeEach
    void asItShouldBe() {
        AS_IT_SHOULD_BE.forEach(OperatorContract::set);
        server.command("FLUSHALL");
        server.command("SLOWLOG", "RESET");
    }

    private static void set(String setting) {
        int equals = setting.indexOf('=');
        server.command("CONFIG", "SET", setting.substring(0, equals), setting.substring(equals + 1));
    }

    private static TransportConfig config() {
        return TransportConfig.of(Address.as("", server)).withTimeouts(PATIENCE, PATIENCE);
    }

    private Transport open(TransportConfig config) {
        return RedisTransport.open(config, drivers());
    }

    private List<Finding> findings(TransportConfig config) {
        return new Doctor(1000).examine(config, drivers());
    }

    private List<Finding> findings() {
        return findings(config());
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, PATIENCE, "test");
    }

    private static void enqueue(Transport transport, String queue) {
        NewTask task = new NewTask("t", "[]".getBytes(UTF_8), Optional.empty(), Optional.empty());
        on(transport
                .tasks()
                .orElseThrow()
                .enqueue(queue, new Call(UUID.randomUUID().toString(), 1), List.of(task)));
    }

    @Test
    void aServerAsTheDocumentationWantsItIsHealthy() {
        try (Transport transport = open(config())) {
            enqueue(transport, "mail");
            assertThat(findings())
                    .filteredOn(finding -> finding.level() == Level.DANGER || finding.level() == Level.UNSEEN)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxmemory-policy=allkeys-lru|eviction|DANGER|maxmemory-policy noeviction",
                "maxmemory-policy=volatile-ttl|eviction|DANGER|maxmemory-policy noeviction",
                "appendonly=no|persistence|DANGER|appendonly yes",
                "appendfsync=no|persistence|WARNING|appendfsync everysec",
                "min-replicas-to-write=1|replication|DANGER|min-replicas-to-write 0",
                "maxmemory=0|memory|WARNING|maxmemory ",
                "maxmemory=512kb|memory|DANGER|maxmemory 1mb",
                "timeout=3|connections|WARNING|timeout 0",
                "tcp-keepalive=0|connections|WARNING|tcp-keepalive 300",
                "client-output-buffer-limit=pubsub 0 0 0|connections|WARNING|pubsub 32mb 8mb 60",
                "client-output-buffer-limit=pubsub 1mb 512kb 5|connections|WARNING|pubsub 32mb 8mb 60",
                "notify-keyspace-events=KEA|access|INFO|notify-keyspace-events",
                "lua-time-limit=50|scripts|WARNING|lua-time-limit 5000",
                "slowlog-log-slower-than=-1|scripts|INFO|slowlog-log-slower-than 10000",
            })
    void aSettingThatHurtsIsToldWithTheLineToChange(String setting, String check, Level level, String change) {
        set(setting);
        assertThat(findings())
                .anySatisfy(finding -> {
                    assertThat(finding.check()).isEqualTo(check);
                    assertThat(finding.level()).isEqualTo(level);
                    assertThat(finding.change()).contains(change);
                    assertThat(finding.server()).isEqualTo("127.0.0.1:" + server.port());
                    assertThat(finding.endangers().isEmpty()).isEqualTo(level == Level.INFO);
                })
                .isSortedAccordingTo((a, b) -> a.level().compareTo(b.level()));
    }

    @Test
    void nothingOnTheServerIsChanged() {
        try (Transport transport = open(config())) {
            enqueue(transport, "mail");
        }
        server.command("CONFIG", "RESETSTAT");
        String before = server.command("DBSIZE");
        findings();
        new KeyCensus(1, 1_000_000, 5, true).take(config(), drivers(), keys -> {});
        assertThat(server.command("INFO", "commandstats"))
                .containsAnyOf("cmdstat_config|get:", "cmdstat_config:")
                .doesNotContain("cmdstat_config|set", "cmdstat_set:", "cmdstat_del:", "cmdstat_eval", "cmdstat_keys:");
        assertThat(server.command("DBSIZE")).isEqualTo(before);
    }

    @Test
    void whatAUserMayNotLookAtIsNamedWithTheMissingRightAndTheRestGoesOn() {
        server.command(
                "ACL", "SETUSER", "blind", "reset", "on", ">s3cret", "~*", "&*", "-@all", "+hello", "+ping", "+time");
        TransportConfig blind =
                TransportConfig.of(Address.as("blind:s3cret", server)).withTimeouts(PATIENCE, PATIENCE);
        Map<String, Finding> unseen = findings(blind).stream()
                .filter(finding -> finding.level() == Level.UNSEEN)
                .collect(Collectors.toMap(Finding::change, Function.identity()));
        assertThat(unseen)
                .containsKeys(
                        "ACL SETUSER blind +info",
                        "ACL SETUSER blind +config|get",
                        "ACL SETUSER blind +slowlog|get",
                        "ACL SETUSER blind +pubsub|channels",
                        "ACL SETUSER blind +scan");
        assertThat(findings(blind)).anyMatch(finding -> finding.check().equals("clock"));
    }

    @Test
    void aServerThatHidesItsSettingsIsJudgedByTheRest() {
        try (RedisServer managed = RedisServer.builder()
                .setting("rename-command", "CONFIG", "")
                .setting("rename-command", "SLOWLOG", "")
                .setting("maxmemory-policy", "allkeys-lfu")
                .start()) {
            List<Finding> findings =
                    findings(TransportConfig.of(Address.as("", managed)).withTimeouts(PATIENCE, PATIENCE));
            assertThat(findings).anyMatch(finding -> finding.check().equals("eviction"));
            assertThat(findings).anyMatch(finding -> finding.check().equals("persistence"));
            assertThat(findings)
                    .filteredOn(finding -> finding.level() == Level.UNSEEN)
                    .extracting(Finding::what)
                    .anyMatch(what -> what.startsWith("CONFIG GET is not to be had"))
                    .anyMatch(what -> what.startsWith("SLOWLOG GET is not to be had"));
        }
    }

    @Test
    void keysThatBelongToNobodyAreTold() {
        try (Transport transport = open(config())) {
            enqueue(transport, "mail");
            on(transport.directory().orElseThrow().beat("gone", Duration.ofMinutes(1), 0));
            on(transport.directory().orElseThrow().put(new Row("own:connection", "c1", "gone", "{}".getBytes(UTF_8))));
            server.command("ZREM", "covey:{members}", "gone");
            server.command("SREM", "resque:queues", "mail");
            server.command("SET", "covey:{lock/till/doomsday}", "me|1");
            server.command("SET", "covey:\u001b[31mred<script>", "1");
            server.command("SET", "session:1", "1");
            assertThat(findings())
                    .filteredOn(finding -> finding.check().equals("keys"))
                    .extracting(Finding::what)
                    .anyMatch(what ->
                            what.contains("rows of nodes that are gone: 1 keys, such as covey:{members}/owned/gone"))
                    .anyMatch(what -> what.contains("not registered: 1 keys, such as resque:queue:mail"))
                    .anyMatch(what ->
                            what.contains("should have an expiry and have none: 1 keys, such as covey:{lock/till"))
                    .anyMatch(
                            what -> what.contains("no family that this version knows: 1 keys, such as covey:?[31mred"))
                    .anyMatch(what -> what.contains("not ours: 1 keys, such as session:1"))
                    .noneMatch(what -> what.contains("\u001b"));
        }
    }

    @Test
    void aNodeThatListensAndIsNotRegisteredIsTold() {
        try (Transport transport = open(config())) {
            on(transport
                    .bus()
                    .orElseThrow()
                    .subscribe(new ChannelPattern("/cluster/node/ghost"), new MessageBus.Listener() {
                        @Override
                        public void onMessage(String channel, byte[] message) {
                            // nothing is said
                        }

                        @Override
                        public void onGap(Gap gap) {
                            // nothing is missed
                        }
                    }));
            assertThat(findings()).extracting(Finding::what).contains("1 nodes listen and are not registered: ghost");
            for (String node : List.of("a", "b", "c")) {
                on(transport.directory().orElseThrow().beat(node, Duration.ofMinutes(1), 0));
            }
            assertThat(findings())
                    .extracting(Finding::what)
                    .contains("3 nodes are registered, but only 1 links for messages live");
        }
    }

    @Test
    void aSlowScriptIsNamed() {
        try (Transport transport = open(config())) {
            set("slowlog-log-slower-than=0");
            enqueue(transport, "mail");
            enqueue(transport, "other");
            set("slowlog-log-slower-than=10000");
            assertThat(findings())
                    .filteredOn(finding -> finding.check().equals("scripts"))
                    .extracting(Finding::what)
                    .anyMatch(what -> what.startsWith("task/enqueue.lua was slow "));
        }
    }

    @Test
    void keysAreCountedAndMeasuredByFamily() {
        try (Transport transport = open(config())) {
            for (int i = 0; i < 50; i++) {
                server.command("SET", "covey:cache/profiles/" + i, "x".repeat(1000));
            }
            server.command("SET", "covey:cache/\u001b]0;evil\u0007/1", "x".repeat(50_000));
            server.command("SET", "covey:cache/" + "long".repeat(1 << 18) + "/1", "x");
            enqueue(transport, "mail");
            List<Long> told = new ArrayList<>();
            KeyCensus.Report report = new KeyCensus(1, 1_000_000, 3, true).take(config(), drivers(), told::add);
            Line profiles = report.families().stream()
                    .filter(line -> line.about().equals(Optional.of("profiles")))
                    .findFirst()
                    .orElseThrow();
            assertThat(profiles.family()).isEqualTo("N:cache/");
            assertThat(profiles.keys()).isEqualTo(50);
            assertThat(profiles.measured()).isEqualTo(50);
            assertThat(profiles.bytes()).isBetween(50_000L, 100_000L);
            assertThat(report.keys()).isEqualTo(Long.parseLong(server.command("DBSIZE")));
            assertThat(report.biggest()).hasSize(3);
            assertThat(report.biggest().get(0).key()).contains("longlong");
            assertThat(told).isNotEmpty();

            KeyCensus.Report together = new KeyCensus(10, 1_000_000, 0, false).take(config(), drivers(), keys -> {});
            assertThat(together.families())
                    .filteredOn(line -> line.family().equals("N:cache/"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.keys()).isEqualTo(52));
            assertThat(together.biggest()).isEmpty();
        }
    }

    private TransportConfig as(Role role) {
        Rights rights = new Rights(role, "covey", "resque", 0, false, List.of());
        boolean newer = server.command("COMMAND", "INFO", "spublish").contains("spublish");
        List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", "someone", "reset", "on", ">s3cret"));
        words.addAll(rights.rules(newer));
        server.command(words.toArray(String[]::new));
        return TransportConfig.of(Address.as("someone:s3cret", server)).withTimeouts(PATIENCE, PATIENCE);
    }

    @Test
    void aReaderLooksAtEverythingButTheSettingsWithThePasswordsAndChangesNothing() {
        try (Transport writer = open(config())) {
            enqueue(writer, "mail");
        }
        TransportConfig reader = as(Role.READER);
        assertThat(new Rights(Role.READER, "covey", "resque", 0, false, List.of()).rules(true))
                .noneMatch(rule -> rule.contains("config"));
        assertThat(findings(reader))
                .filteredOn(finding -> finding.level() == Level.UNSEEN)
                .singleElement()
                .satisfies(finding -> assertThat(finding.change()).isEqualTo("ACL SETUSER someone +config|get"));
        server.command("ACL", "SETUSER", "someone", "+config|get");
        assertThat(findings(reader)).noneMatch(finding -> finding.level() == Level.UNSEEN);
        KeyCensus.Report report = new KeyCensus(1, 1_000_000, 3, false).take(reader, drivers(), keys -> {});
        assertThat(report.unseen()).isEmpty();
        assertThat(report.families()).allMatch(line -> line.bytes() > 0);
        try (Transport transport = open(reader)) {
            assertThat(on(transport.tasks().orElseThrow().inspector().queues()))
                    .singleElement()
                    .satisfies(queue -> assertThat(queue.waiting()).isEqualTo(1));
            assertThatThrownBy(() -> enqueue(transport, "mail"))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageMatching(NOT_ALLOWED);
            assertThatThrownBy(() -> on(transport
                            .cache()
                            .orElseThrow()
                            .putAll(Map.of("profiles/1", new byte[1]), new CacheStore.Expiry.Never())))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageMatching(NOT_ALLOWED);
            if (server.command("COMMAND", "INFO", "spublish").contains("spublish")) {
                assertThat(on(transport.directory().orElseThrow().beat("reader", Duration.ofMinutes(1), 0)))
                        .isNotNull();
            }
        }
    }

    @Test
    void aWorkerHasTasksAndNoCache() {
        try (Transport transport = open(as(Role.WORKER))) {
            enqueue(transport, "mail");
            on(transport.directory().orElseThrow().beat("worker", Duration.ofMinutes(1), 0));
            assertThatThrownBy(() -> on(transport
                            .cache()
                            .orElseThrow()
                            .putAll(Map.of("profiles/1", new byte[1]), new CacheStore.Expiry.Never())))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageMatching(NOT_ALLOWED);
        }
    }

    @Test
    void aClientReachesItsTopicsAndNoSecuredChannel() {
        assertThatThrownBy(() -> new Rights(Role.CLIENT, "covey", "resque", 0, false, List.of("/**")))
                .hasMessageContaining("must not reach the secured channels");
        assertThatThrownBy(() -> new Rights(Role.CLIENT, "covey", "resque", 0, false, List.of("/cluster/rpc")))
                .hasMessageContaining("must not reach the secured channels");
        Rights client = new Rights(Role.CLIENT, "covey", "resque", 2, false, List.of("/app/*", "/news"));
        assertThat(client.rules(true))
                .contains("resetkeys", "&covey:2:/app/*", "&covey:2:/news")
                .noneMatch(rule -> rule.startsWith("~"));
    }

    @Test
    void aServerThatIsNotThereIsSaidInOneLine() {
        assertThatThrownBy(() -> findings(TransportConfig.of("redis://127.0.0.1:1")
                        .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5))))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("\n");
    }
}
