package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import io.covey.cluster.spi.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A Redis full of what others wrote: whatever a command prints of it stays in its lines. */
class HostileNamesTest {
    private static final String TOKEN = "a-token-for-this-test-only-0123456789";
    /** Clears the screen, turns the title and the direction of writing around, ends the line, and is a script in a page. */
    private static final String EVIL =
            "<script>alert(1)</script>\u001b[2J\u001b]0;owned\u0007\r\n\u202eelif\u2066\u0085\u009b31m\u2028\u200b\u0000";

    private static final String HUGE = "n".repeat(1 << 20);
    /** In Latin letters the bytes of half a character, of a lone surrogate and of what is no UTF-8 at all. */
    private static final String BROKEN = "\u00c3(\u00ed\u00a0\u0080\u00ff\u00fe\u001b[31m";

    /** Those that have nothing hostile to show: names of queues that nobody could use are left out. */
    private static final List<String> SILENT = List.of(
            "nodes",
            "queues",
            "queues --rates=50ms",
            "tasks --queue=mail --state=retry",
            "tasks --queue=mail --state=failed",
            "top --every=200ms");

    private static final int LONGEST_TEXT = 4_001;
    private static final int LONGEST_JSON = 1 << 20;

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static Cluster node;

    @BeforeAll
    static void fill() throws Exception {
        server = RedisServer.start();
        node = Cluster.join(ClusterConfig.builder(server.uri().replace("redis://", "redis+jedis://"))
                .name("ada")
                .metadata("note", EVIL)
                .token(Secret.of(TOKEN))
                .build());
        Rpc.on(node).serve(Procedure.of("evil", byte[].class, String.class), (argument, caller) -> EVIL);
        Rpc.on(node).serve(Procedure.of("fails", byte[].class, String.class), (argument, caller) -> {
            throw new IllegalStateException(EVIL);
        });
        node.rooms().room("lobby", String.class).join("eve", Map.of("colour", EVIL));
        Connections.on(node).open("abc", Map.of("user", EVIL), Verbs.none());
        node.cache("profiles", String.class).put("ada", EVIL);
        node.lock("orders").tryLock(Duration.ofSeconds(1)).orElseThrow();
        try (RawRedis redis = new RawRedis(server.uri())) {
            for (String name : List.of(EVIL, HUGE, "mail")) {
                redis.send("SADD", "resque:queues", name);
                redis.send("ZADD", "covey:{members}/groups", 0, "room:" + name);
                redis.send("HSET", "covey:{counters/visits}", name, 7);
                redis.send("SET", "covey:{lock/" + name + "}", EVIL + "|12", "PX", 600_000);
                redis.send("ZADD", "covey:{semaphore/" + name + "}", "9999999999999", EVIL);
                redis.send("SADD", "resque:workers", name + ":1:" + name);
                redis.send(
                        "SET",
                        "resque:worker:" + name + ":1:" + name,
                        "{\"queue\":\"mail\",\"payload\":" + job(name) + "}");
                redis.send("RPUSH", "resque:queue:mail", job(name));
                redis.send("RPUSH", "resque:failed", failure(name));
                redis.send(
                        "SET",
                        "covey:cache/profiles/" + name,
                        "\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001x");
            }
            redis.send("SADD", "resque:queues", RawRedis.bytes(BROKEN));
            redis.send("ZADD", "covey:{members}/groups", 0, RawRedis.bytes("room:" + BROKEN));
            redis.send("SET", RawRedis.bytes("covey:{lock/" + BROKEN + "}"), RawRedis.bytes(BROKEN + "|1"));
            redis.send("PEXPIRE", RawRedis.bytes("covey:{lock/" + BROKEN + "}"), 600_000);
            redis.send("RPUSH", "resque:queue:mail", RawRedis.bytes(BROKEN));
            redis.send("RPUSH", "resque:failed", RawRedis.bytes(BROKEN));
            redis.send("RPUSH", "resque:failed", RawRedis.bytes("{\"error\":\"" + BROKEN + "\",\"payload\":[]}"));
            redis.send("SADD", "resque:workers", RawRedis.bytes(BROKEN + ":1:*"));
            redis.send("ZADD", "resque:delayed_queue_schedule", "4102444800", "4102444800");
            redis.send("RPUSH", "resque:delayed:4102444800", job(EVIL), job(HUGE));
            redis.send("HSET", "covey:{resque:queue:mail}/schedules", "nightly", "[\"v\",\"" + escaped(EVIL) + "\"]");
            redis.send("ZADD", "covey:{resque:queue:mail}/due", "4102444800000", "nightly");
        }
    }

    @AfterAll
    static void stop() {
        node.close();
        server.close();
    }

    private static String escaped(String text) {
        String quoted = JsonMapper.shared().writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String job(String name) {
        return "{\"class\":\"" + escaped(name) + "\",\"queue\":\"mail\",\"args\":[\"" + escaped(name) + "\"]}";
    }

    private static String failure(String name) {
        String text = escaped(name);
        return "{\"worker\":\"%s\",\"queue\":\"%s\",\"payload\":%s,\"exception\":\"%s\",\"error\":\"%s\",\"backtrace\":[\"%s\"],"
                        .formatted(text, text, job(name), text, text, text)
                + "\"failed_at\":\"2026/11/22 12:00:00 UTC\",\"task\":\"" + text + "\",\"earlier\":[{\"worker\":\""
                + text
                + "\",\"at\":\"2026/11/22 11:00:00 UTC\",\"error\":\"" + text + "\"}]}";
    }

    /** Every command that lists something, and those that name what was typed. */
    static Stream<String> lists() {
        return Stream.of(
                "nodes",
                "workers",
                "queues",
                "queues --rates=50ms",
                "tasks --queue=mail --state=waiting",
                "tasks --queue=mail --state=active",
                "tasks --queue=mail --state=delayed",
                "tasks --queue=mail --state=retry",
                "tasks --queue=mail --state=failed",
                "failed list",
                "failed groups",
                "failed list --error=script",
                "schedule list",
                "rooms",
                "rooms lobby",
                "connections",
                "cache keys profiles",
                "locks list",
                "stats visits",
                "top --every=200ms",
                "call all fails");
    }

    private static Shell.Run cluster(List<String> words) throws IOException {
        List<String> all = new ArrayList<>(words);
        all.add("--uri=" + server.uri());
        all.add("--token-file=" + Files.writeString(folder.resolve("token"), TOKEN));
        return Shell.run(all.toArray(String[]::new));
    }

    private static void staysInItsLines(String what, String printed) {
        assertThat(printed.codePoints().filter(code -> code != '\n' && Printable.isHostile(code)))
                .as(what)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("lists")
    void textHasNoControlsAndBoundedLines(String command) throws IOException {
        Shell.Run run = cluster(List.of(command.split(" ")));
        assertThat(run.status()).as(run.err()).isLessThan(2);
        staysInItsLines(command, run.out() + run.err());
        boolean held = !SILENT.contains(command);
        assertThat(run.out().contains("<script>")).as(run.out() + run.err()).isEqualTo(held);
        assertThat((run.out() + run.err()).lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(LONGEST_TEXT))
                .noneMatch(line -> line.startsWith("\tat "));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void jsonIsOneObjectALineWithoutControlsAndBounded(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--json");
        Shell.Run run = cluster(words);
        staysInItsLines(command, run.out() + run.err());
        assertThat(run.out().lines()).allSatisfy(line -> {
            assertThat(line.length()).isLessThanOrEqualTo(LONGEST_JSON);
            assertThat(JsonMapper.shared().readTree(line).isObject()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--json"})
    void whatIsAskedForByItsNameIsWholeAndHasNoControls(String option) throws IOException {
        List<List<String>> asked = List.of(
                List.of("cache", "get", "profiles", "ada"),
                List.of("cache", "get", "profiles", HUGE),
                List.of("call", "node:ada", "evil"),
                List.of("call", "node:ada", "info"),
                List.of("rooms", EVIL),
                List.of("stats", "visits", EVIL),
                List.of("locks", "release", EVIL, "--owner=" + EVIL),
                List.of("locks", "release", EVIL, "--owner=" + EVIL, "--semaphore"),
                List.of("failed", "show", EVIL),
                List.of("failed", "drop", HUGE),
                List.of("cancel", EVIL, "--queue=mail"),
                List.of("enqueue", "--type", EVIL),
                List.of("pause", EVIL),
                List.of("call", EVIL, "x"),
                List.of("publish", "/chat", EVIL),
                List.of("queues", "--set", "mail", EVIL),
                List.of(EVIL),
                List.of("queues", "--" + EVIL));
        for (List<String> words : asked) {
            List<String> all = new ArrayList<>(words);
            if (!option.isEmpty()) {
                all.add(option);
            }
            Shell.Run run = cluster(all);
            staysInItsLines(all.toString(), run.out() + run.err());
            assertThat(run.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void aFailedTaskThatCannotBeTypedIsShownAndDroppedByANameMadeFromItsBytes() throws IOException {
        Shell.Run list = cluster(List.of("failed", "list", "--error=script", "--json"));
        String id = JsonMapper.shared()
                .readTree(list.out().lines().findFirst().orElseThrow())
                .get("id")
                .stringValue();
        assertThat(id).matches("x[0-9a-f]+");
        Shell.Run show = cluster(List.of("failed", "show", id));
        assertThat(show.status()).isZero();
        assertThat(show.out()).contains("<script>", "\\u001b[2J");
        staysInItsLines("failed show", show.out());
    }
}
