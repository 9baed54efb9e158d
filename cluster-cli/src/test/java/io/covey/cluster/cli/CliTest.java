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
import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskType;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    private static final String TOKEN = "a-token-for-this-test-only-0123456789";
    private static RedisServer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private Shell.Run cluster(String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--uri=" + server.uri());
        all.add("--token-file=" + Files.writeString(folder.resolve("token"), TOKEN));
        return Shell.run(all.toArray(String[]::new));
    }

    private static Cluster join(String name) {
        Cluster node = Cluster.join(ClusterConfig.builder(server.uri().replace("redis://", "redis+jedis://"))
                .name(name)
                .token(Secret.of(TOKEN))
                .build());
        Rpc.on(node);
        return node;
    }

    @Test
    void nodesListsTheOthers() throws IOException {
        assertThat(cluster("nodes").out()).contains("No node is in the cluster");
        assertThat(cluster("call", "all", "ping").err()).contains("No node is in the cluster");
        try (Cluster node = join("ada")) {
            assertThat(cluster("nodes").out())
                    .contains("ada")
                    .contains(node.self().id());
            assertThat(cluster("nodes", "--json").out())
                    .contains("\"node\":\"" + node.self().id() + "\"");
        }
    }

    @Test
    void callReachesAllOneByNameAndSaysWhatIsNotServed() throws IOException {
        try (Cluster ada = join("ada");
                Cluster bob = join("bob")) {
            assertThat(bob.members().refresh()).hasSize(2);
            Shell.Run all = cluster("call", "all", "ping");
            assertThat(all.status()).isZero();
            assertThat(all.out().lines()).containsExactlyInAnyOrder("ada: pong", "bob: pong");
            assertThat(cluster("call", "node:ada", "info", "--json").out())
                    .contains("\"ok\":true")
                    .contains(ada.self().id());
            assertThat(cluster("call", "any", "ping").out()).isIn("ada: pong\n", "bob: pong\n");
            Shell.Run unknown = cluster("call", "node:ada", "shutdown");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).contains("serves no procedure").doesNotContain("\tat ");
        }
    }

    @Test
    void roomsListsRoomsAndWhoIsInThem() throws IOException {
        assertThat(cluster("rooms").out()).contains("There is no room");
        try (Cluster node = join("ada")) {
            node.rooms().create("empty");
            node.rooms().room("lobby", String.class).join("eve", Map.of("colour", "red"));
            assertThat(cluster("rooms", "--json").out().lines())
                    .containsExactly("{\"room\":\"empty\",\"members\":0}", "{\"room\":\"lobby\",\"members\":1}");
            assertThat(cluster("rooms", "lobby").out()).contains("eve").contains("colour=red");
            assertThat(cluster("rooms", "lobby", "--json").out())
                    .contains("\"member\":\"eve\"", "\"node\":\"" + node.self().id() + "\"");
            assertThat(cluster("rooms", "none").status()).isEqualTo(1);
            node.rooms().destroy("empty");
        }
    }

    @Test
    void connectionsAreListedAndCalled() throws IOException {
        assertThat(cluster("connections").out()).contains("0 connections");
        try (Cluster node = join("ada")) {
            Connections.on(node)
                    .open(
                            "abc",
                            Map.of("user", "eve"),
                            Verbs.none()
                                    .on(
                                            Procedure.of("double", Integer.class, Integer.class),
                                            (connection, number) -> 2 * number));
            assertThat(cluster("connections").out()).contains("abc", "user=eve", "1 connections");
            assertThat(cluster("connections", "--json").out())
                    .contains(
                            "\"connection\":\"abc\"",
                            "\"node\":\"" + node.self().id() + "\"");
            assertThat(cluster("call", "connection:abc", "double", "21").out()).isEqualTo("abc: 42\n");
            Shell.Run unknown = cluster("call", "connection:abc", "close");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).contains("no verb close").doesNotContain("\tat ");
            Shell.Run nobody = cluster("call", "connection:none", "double", "21");
            assertThat(nobody.status()).isEqualTo(1);
            assertThat(nobody.err()).contains("none");
        }
    }

    @Test
    void publishReachesSubscribe() throws Exception {
        StringWriter heard = new StringWriter();
        CompletableFuture<Shell.Run> subscriber = CompletableFuture.supplyAsync(
                () -> Shell.run(heard, Map.of(), "subscribe", "/chat/*", "--count=1", "--uri=" + server.uri()));
        Awaitility.await().until(() -> heard.toString().contains("Listening"));
        assertThat(cluster("publish", "/chat/lobby", "{\"text\": \"hello\"}").out())
                .contains("somebody listens");
        assertThat(subscriber.get().out()).contains("/chat/lobby {\"text\":\"hello\"}");
        assertThat(cluster("publish", "/chat/lobby", "{{").status()).isEqualTo(1);
    }

    @Test
    void subscribeBeginsWithWhatAHistoryKeepsAndGoesOnBehindAPosition() throws IOException {
        for (int i = 1; i <= 3; i++) {
            assertThat(cluster("publish", "/kept", "" + i, "--history=10").status())
                    .isZero();
        }
        Shell.Run last = cluster("subscribe", "/kept", "--last=2", "--count=2", "--json");
        assertThat(last.out()).contains("\"message\":2", "\"message\":3").doesNotContain("\"message\":1");
        String position = last.out().replaceAll("(?s).*\"message\":2,[^}]*\"position\":\"([^\"]+)\".*", "$1");
        assertThat(cluster("subscribe", "/kept", "--after=" + position, "--count=1")
                        .out())
                .endsWith("/kept 3\n");
        assertThat(cluster("subscribe", "/kept", "--for=10ms").status()).isZero();
        assertThat(cluster("subscribe", "/kept", "--last=1", "--after=" + position)
                        .status())
                .isEqualTo(2);
    }

    @Test
    void aCommandThatIsMistypedIsToldWhichAreLikeIt() throws IOException {
        Shell.Run command = cluster("quues");
        assertThat(command.status()).isEqualTo(2);
        assertThat(command.err()).contains("there is no command quues", "Did you mean queues", "Try: cluster --help");
        Shell.Run option = cluster("queues", "--jsno");
        assertThat(option.status()).isEqualTo(2);
        assertThat(option.err()).contains("--jsno", "Try: cluster queues --help");
        assertThat(cluster("failed", "lst").err()).contains("Did you mean list");
    }

    @Test
    void anOptionIsTakenFromTheEnvironmentUnlessItSaysWhatToChange() {
        Map<String, String> environment = Map.of(
                "COVEY_URI",
                server.uri(),
                "COVEY_QUEUE",
                "from-environment",
                "COVEY_TYPE",
                "greet",
                "COVEY_JSON",
                "true");
        assertThat(Shell.run(environment, "enqueue").out()).contains("\"queue\":\"from-environment\"");
        assertThat(Shell.run(environment, "enqueue", "--queue=typed").out()).contains("\"queue\":\"typed\"");
        assertThat(Shell.run(environment, "tasks", "--state=waiting").out()).contains("\"waiting\":1");
        Map<String, String> all = Map.of("COVEY_URI", server.uri(), "COVEY_ALL", "true");
        assertThat(Shell.run(all, "failed", "drop").status()).isEqualTo(2);
        assertThat(Shell.run(Map.of("COVEY_URI", server.uri(), "COVEY_LIMIT", "x"), "locks", "list")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void enqueueSaysWhatBecameOfEachLineAndABadOneDoesNotStopTheOthers() throws IOException {
        Path lines = Files.writeString(folder.resolve("tasks.jsonl"), """
                {"type":"greet","args":[1],"id":"one"}
                {"type":"greet","args":
                {"type":"greet","args":{"a":1}}
                {"type":"greet","args":[2],"id":"one"}
                {"type":"greet","colour":"red"}

                {"type":"greet","in":"1h"}
                """);
        Shell.Run run = cluster("enqueue", "--queue=lines", "--file=" + lines);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out().lines().filter(line -> line.startsWith("REFUSED")))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("REFUSED line 2: "))
                .anyMatch(line -> line.startsWith("REFUSED line 3: args must be a JSON array"))
                .anyMatch(line -> line.startsWith("REFUSED line 5: the field colour"));
        assertThat(run.out()).contains("OK one").contains("DUPLICATE one");
        assertThat(cluster("queues", "--json").out()).contains("\"queue\":\"lines\",\"waiting\":1");
    }

    @Test
    void aWorkerRunsHandlersOfAClassPathAndDrainsAtSigterm() throws Exception {
        assertThat(cluster("enqueue", "--queue=greetings", "--type=greet", "--args=[\"ada\"]")
                        .out())
                .startsWith("OK ");
        List<String> command = Jvm.command(Main.class);
        command.addAll(List.of(
                "worker",
                "--uri=" + server.uri(),
                "--queues=greetings",
                "--classpath=" + Path.of("target/test-classes").toAbsolutePath(),
                "--handlers=" + GreetHandlers.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(GreetHandlers.FILE, folder.resolve("greeted").toString());
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        Process worker = builder.start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("greeted")));
            assertThat(folder.resolve("greeted")).hasContent("ada");
            assertThat(Files.readString(folder.resolve("log"))).contains("\"event\":\"ready\"");
            worker.destroy();
            assertThat(worker.waitFor()).isZero();
        } finally {
            worker.destroyForcibly();
        }
    }

    /** Their constructor throws. */
    public static final class WithoutDatabase implements TaskHandlers {
        public WithoutDatabase() {
            throw new IllegalStateException("the database is away");
        }

        @Override
        public void register(HandlerRegistry handlers) {}
    }

    /** Their class cannot be initialized. */
    public static final class WithoutSetting implements TaskHandlers {
        private static final int WIDTH = Integer.parseInt("broad");

        @Override
        public void register(HandlerRegistry handlers) {
            handlers.handle(TaskType.of("resize" + WIDTH, String.class), (name, task) -> {});
        }
    }

    /** They use a class that is not on the class path. */
    public static final class WithoutLibrary implements TaskHandlers {
        @Override
        public void register(HandlerRegistry handlers) {
            throw new NoClassDefFoundError("com/example/Scaler");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WithoutDatabase, the database is away",
        "WithoutSetting, broad",
        "WithoutLibrary, com/example/Scaler",
        "WithoutClass, There is no class",
    })
    void handlersThatCannotBeLoadedAreOneLineThatSaysWhy(String handlers, String why) throws IOException {
        Shell.Run run = cluster("worker", "--handlers=" + CliTest.class.getName() + "$" + handlers);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("cluster worker: ")
                .contains(handlers, why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nodes", "queues", "workers"})
    void aServerThatIsNotThereIsOneLineAndStatusOne(String command) {
        Shell.Run run = Shell.run(command, "--uri=redis://127.0.0.1:1");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("127.0.0.1:1");
    }

    @Test
    void aPortThatThereIsNotIsRefusedWithItsUseAndTheLimit() throws IOException {
        Shell.Run run = cluster("worker", "--metrics-port=99999");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("metrics", "65535", "99999");
    }

    @Test
    void wrongUsageIsStatusTwo() throws IOException {
        assertThat(Shell.run("bogus").status()).isEqualTo(2);
        assertThat(Shell.run().status()).isEqualTo(2);
        assertThat(cluster("enqueue").status()).isEqualTo(2);
        assertThat(cluster("worker", "--lease=5parsecs").status()).isEqualTo(2);
    }

    @Test
    void aTokenThatIsWeakEndsACommandWithItsFileAndNotItsText() throws IOException {
        Path weak = Files.writeString(folder.resolve("weak"), "canary\n");
        Shell.Run run = Shell.run("nodes", "--uri=" + server.uri(), "--token-file=" + weak);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(weak.toString())
                .contains("16 bytes")
                .doesNotContain("canary");
        Path none = folder.resolve("none");
        assertThat(Shell.run("nodes", "--uri=" + server.uri(), "--token-file=" + none)
                        .err())
                .contains(none.toString());
        assertThat(Shell.run("nodes", "--uri=" + server.uri(), "--without-security")
                        .status())
                .isZero();
    }
}
