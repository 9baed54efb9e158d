package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cluster doctor}, {@code cluster acl} and {@code cluster keys} as they are typed. */
class OperatorCommandsTest {
    private static final TaskType<String> GREET =
            TaskType.of("greet", String.class).on("mail");
    private static RedisServer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = RedisServer.builder()
                .appendOnly(true)
                .setting("maxmemory", "1gb")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() {
        server.command("FLUSHALL");
        server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }

    private static Shell.Run as(String user, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--uri=" + uri(user));
        return Shell.run(all.toArray(String[]::new));
    }

    private static String uri(String user) {
        return user.isEmpty() ? server.uri() : server.uri().replace("://", "://" + user + ":s3cret@");
    }

    private static Cluster join(String user) {
        return Cluster.join(ClusterConfig.builder(uri(user).replace("redis://", "redis+jedis://"))
                .name("test")
                .build());
    }

    private static List<JsonNode> json(Shell.Run run) {
        return run.out().lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void doctorEndsWithZeroOnAHealthyServerAndWithOneWhenDataIsInDanger() {
        Shell.Run healthy = as("", "doctor");
        assertThat(healthy.status()).as(healthy.out()).isZero();
        assertThat(healthy.out()).contains("0 dangers");
        server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        Shell.Run sick = as("", "doctor");
        assertThat(sick.status()).isEqualTo(1);
        assertThat(sick.out())
                .startsWith("DANGER")
                .contains("maxmemory-policy is allkeys-lru")
                .contains("endangers: an accepted task")
                .contains("change:    maxmemory-policy noeviction");
        List<JsonNode> findings = json(as("", "doctor", "--json", "--quiet"));
        assertThat(findings.get(0).get("level").asString()).isEqualTo("danger");
        assertThat(findings.get(0).get("change").asString()).isEqualTo("maxmemory-policy noeviction");
        assertThat(findings)
                .noneMatch(finding -> finding.get("level").asString().equals("info"));
    }

    @Test
    void doctorSaysInOneLineThatThereIsNoServer() {
        Shell.Run run = Shell.run("doctor", "--uri=redis://127.0.0.1:1");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("127.0.0.1:1").doesNotContain("\tat ");
    }

    @Test
    void whatAclPrintsIsWhatTheUsersNeedAndNoMore() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "s3cret\n");
        Shell.Run printed = Shell.run("acl", "--setuser", "--password-file=" + password, "--uri=" + server.uri());
        assertThat(printed.status()).isZero();
        assertThat(printed.out()).doesNotContain("s3cret").contains(" #");
        List<String> lines = printed.out().lines().toList();
        assertThat(lines).hasSize(4);
        for (String line : lines) {
            // As redis-cli reads it: a selector in parentheses is one word.
            assertThat(server.command(line.split(" (?![^(]*\\))"))).isEqualTo("OK");
        }
        try (Cluster application = join("covey-application")) {
            application.cache("things", String.class).put("k", "v");
            assertThat(application.cache("things", String.class).get("k")).contains("v");
            TaskQueue.on(application).enqueue(GREET, "ada");
        }
        try (Cluster worker = join("covey-worker")) {
            TaskQueue.on(worker).enqueue(GREET, "bob");
            assertThatThrownBy(() -> worker.cache("things", String.class).get("k"))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageMatching("(?s).*(NOPERM|can.t run this command).*");
        }
        try (Cluster reader = join("covey-reader")) {
            assertThat(TaskQueue.on(reader).inspect().queues())
                    .singleElement()
                    .satisfies(queue -> assertThat(queue.waiting()).isEqualTo(2));
            assertThat(reader.cache("things", String.class).get("k")).contains("v");
            assertThatThrownBy(() -> TaskQueue.on(reader).enqueue(GREET, "cyd"))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageMatching("(?s).*(NOPERM|can.t run this command).*");
        }
        assertThat(as("covey-reader", "queues").status()).isZero();
        assertThat(as("covey-reader", "doctor").out()).contains("config|get");
        assertThat(server.command("ACL", "SETUSER", "covey-reader", "+config|get"))
                .isEqualTo("OK");
        assertThat(as("covey-reader", "doctor").out()).contains("0 not to be seen");
        assertThat(as("covey-reader", "keys").err()).isEmpty();
        String pub = "ACL DRYRUN covey-client PUBLISH covey:0:";
        assertThat(server.command((pub + "/app/news x").split(" "))).isEqualTo("OK");
        assertThat(server.command((pub + "/cluster/rpc x").split(" "))).contains("no permissions");
        assertThat(server.command("ACL DRYRUN covey-client GET covey:cache/things/k".split(" ")))
                .contains("no permissions");
    }

    @Test
    void aclNamesTheUserThePrefixesAndTheTopicsThatAreAskedFor() {
        Shell.Run run = Shell.run(
                "acl",
                "--role=application",
                "--user=shop",
                "--namespace=shop",
                "--task-namespace=jobs",
                "--topic=/chat/*",
                "--also-keys=actionhero:*",
                "--uri=redis-cluster://h1,h2");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("user shop reset on >PASSWORD resetkeys ~shop:* ~{jobs}:* ~actionhero:* resetchannels"
                        + " &shop:0:* &shop:0:/chat/* -@all ")
                .doesNotContain("config", "flush", "+keys", "+@all");
        assertThat(Shell.run("acl", "--role=reader", "--server=6.2").err()).contains("no selectors");
        assertThat(Shell.run("acl", "--role=reader", "--server=6.2").out()).doesNotContain("(");
        assertThat(Shell.run("acl", "--role=client", "--topic=/**").err())
                .contains("must not reach the secured channels");
        assertThat(Shell.run("acl", "--user=a b", "--role=worker").status()).isEqualTo(2);
        assertThat(Shell.run("acl", "--server=5").status()).isEqualTo(2);
        assertThat(json(Shell.run("acl", "--json")))
                .extracting(line -> line.get("role").asString())
                .containsExactly("application", "worker", "reader", "client");
    }

    @Test
    void keysTellsBytesByFamilyAndHostileNamesDoNoHarm() {
        server.command("SET", "covey:cache/\u001b[2J<script>alert(1)</script>/1", "x".repeat(5000));
        server.command("SET", "\u0007\u001b]0;owned\u0007\n" + "y".repeat(5000), "z");
        Shell.Run run = as("", "keys", "--names", "--sample=1");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("N:cache/").contains("(not ours)").doesNotContain("\u001b", "\u0007");
        assertThat(run.out().lines()).allMatch(line -> line.length() < 200);
        assertThat(json(as("", "keys", "--json"))).anySatisfy(line -> {
            assertThat(line.path("family").asString()).isEqualTo("N:cache/");
            assertThat(line.path("keys").asLong()).isEqualTo(1);
            assertThat(line.path("bytes").asLong()).isGreaterThan(5000);
        });
        assertThat(Arrays.asList(run.out().split("\n"))).last().asString().contains("2 keys, ");
    }
}
