package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Members.Change;
import io.covey.cluster.Secret;
import io.covey.cluster.rpc.Replies;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes come and go under load. */
@Tag("chaos")
@Timeout(600)
final class FleetTest {
    private static final int CALLERS = 8;
    private static final int THREE = 3;
    private static final int FEW = 4;
    private static final String NEW_TOKEN = "c2a1b9e07d6f4c8f9a53";
    private static final int MANY = 20;
    /** Those within scripts included. */
    private static final double MOST_COMMANDS = 15;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aRollingRestartFailsNoCallToAny(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-rolling", driver)) {
            List<ChaosProcess> nodes = new ArrayList<>();
            for (int i = 0; i < FEW; i++) {
                nodes.add(scene.start("node-" + i));
            }
            List<String> changes = scene.changes();
            Load load = new Load(scene, Target.any(), CALLERS);
            load.awaitMore(1000);
            for (int i = 0; i < FEW; i++) {
                scene.start("next-" + i);
                load.awaitMore(100);
                nodes.get(i).terminate();
                load.awaitMore(100);
            }
            load.end();
            assertThat(load.broken).isEmpty();
            assertThat(load.failures).isEmpty();
            await().atMost(NodeScene.PATIENCE)
                    .until(() -> changes.stream()
                                    .filter(change -> change.startsWith("LEFT node-"))
                                    .count()
                            == FEW);
            assertThat(changes).noneMatch(change -> change.startsWith("DIED"));
            scene.proved(FEW + " nodes followed by others, " + load);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void theServerTokenIsReplacedUnderLoad(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-token", driver)) {
            for (int i = 0; i < THREE; i++) {
                scene.start("node-" + i);
            }
            Load load = new Load(scene, Target.any(), CALLERS);
            load.awaitMore(1000);
            for (List<String> tokens : List.of(
                    List.of(NodeScene.TOKEN, NEW_TOKEN), List.of(NEW_TOKEN, NodeScene.TOKEN), List.of(NEW_TOKEN))) {
                scene.tokens(tokens.toArray(String[]::new));
                String ids = tokens.stream()
                        .map(token -> scene.cluster.tokens().id(Secret.of(token)))
                        .collect(Collectors.joining(","));
                await().atMost(NodeScene.PATIENCE)
                        .until(() ->
                                String.join(",", scene.cluster.tokens().ids()).equals(ids));
                for (int i = 0; i < THREE; i++) {
                    Target target = scene.to("node-" + i);
                    await().atMost(NodeScene.PATIENCE)
                            .ignoreExceptions()
                            .until(() -> scene.call(target, EchoNode.TOKENS, "").value(), ids::equals);
                }
                load.awaitMore(1000);
            }
            load.end();
            assertThat(load.broken).isEmpty();
            assertThat(load.failures).isEmpty();

            int before = scene.lines("node-0").size();
            try (Cluster old = scene.join("old", scene.redis.port())) {
                Target target = Target.node(scene.member("node-0").id());
                assertThat(Rpc.on(old).call(target, EchoNode.ECHO.within(NodeScene.NOISE), "old token"))
                        .failsWithin(NodeScene.PATIENCE)
                        .withThrowableOfType(ExecutionException.class)
                        .havingCause()
                        .isInstanceOf(RpcException.class)
                        .withMessageContaining("2000 ms");
            }
            scene.call(scene.to("node-0"), EchoNode.ECHO, "new token");
            assertThat(scene.lines("node-0")).hasSize(before + 1).last().isEqualTo("E new token");
            scene.proved("3 nodes, 3 steps, " + load + "; the old token is refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void nodesThatAreKilledFailOnlyTheCallsTheyHeldAndDieOnce(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-kill", driver)) {
            List<ChaosProcess> nodes = new ArrayList<>();
            for (int i = 0; i < FEW; i++) {
                nodes.add(scene.start("node-" + i));
            }
            List<String> changes = scene.changes();
            Load load = new Load(scene, Target.any(), CALLERS);
            load.awaitMore(1000);
            for (int i = 0; i < FEW; i++) {
                scene.start("next-" + i);
                nodes.get(i).kill();
                load.awaitMore(100);
            }
            await().atMost(NodeScene.PATIENCE)
                    .until(() -> changes.stream()
                                    .filter(change -> change.startsWith("DIED node-"))
                                    .count()
                            == FEW);
            load.end();
            assertThat(load.broken).isEmpty();
            assertThat(load.failures).allSatisfy(failure -> {
                assertThat(failure.reason()).as("%s", failure).isEqualTo(Reason.NODE_LOST.toString());
                assertThat(Duration.ofMillis(failure.millis()))
                        .isLessThan(NodeScene.LEASE.plus(NodeScene.BEAT).plus(NodeScene.NOISE));
            });
            assertThat(load.failures).hasSizeLessThanOrEqualTo(FEW * CALLERS);
            assertThat(ends(changes))
                    .as("ends of each node")
                    .allSatisfy((node, ends) -> assertThat(ends).containsExactly(Change.DIED));
            scene.proved(FEW + " nodes killed, " + load);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void twentyProcessesJoinAtOnceAndAllAnswerOneCall(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-twenty", driver)) {
            scene.start("first");
            Load load = new Load(scene, scene.to("first"), 2);
            load.awaitMore(100);
            List<ChaosProcess> nodes = new ArrayList<>();
            for (int i = 1; i < MANY; i++) {
                nodes.add(scene.begin("node-" + i));
            }
            for (ChaosProcess node : nodes) {
                node.awaitReady();
            }
            await().atMost(NodeScene.PATIENCE)
                    .until(() -> scene.cluster.members().list().size() == MANY + 1);
            load.end();
            assertThat(load.broken).isEmpty();
            assertThat(load.failures).isEmpty();

            long begun = System.nanoTime();
            Replies<String> replies =
                    scene.rpc.callAll(EchoNode.ECHO, "all").get(NodeScene.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            // This node serves no echo and says so.
            assertThat(replies.answers()).hasSize(MANY);
            assertThat(replies.failures()).containsOnlyKeys(scene.cluster.self());
            Map<String, Double> commands = commands(scene, MANY + 1);
            assertThat(commands.values().stream().mapToDouble(each -> each).sum())
                    .as("commands for each node and beat, however many nodes there are: %s", commands)
                    .isLessThan(MOST_COMMANDS);
            scene.proved("during the join " + load + "; " + MANY + " answers to one call in " + took
                    + " ms; commands for each node and beat " + text(commands));
        }
    }

    /** What the nodes ask of Redis while nothing goes on, for each node and beat. */
    private static Map<String, Double> commands(NodeScene scene, int nodes) throws InterruptedException {
        int beats = 20;
        scene.pass(NodeScene.BEAT.toMillis() * 5);
        scene.redis.command("CONFIG", "RESETSTAT");
        scene.pass(NodeScene.BEAT.toMillis() * beats);
        String stats = scene.redis.command("INFO", "commandstats");
        Map<String, Double> calls = new HashMap<>();
        for (String line : stats.split("\\R")) {
            if (line.startsWith("cmdstat_")) {
                String command = line.substring("cmdstat_".length(), line.indexOf(':'));
                double each = Double.parseDouble(line.replaceAll(".*:calls=([0-9]+),.*", "$1")) / nodes / beats;
                calls.put(command, each);
            }
        }
        return calls;
    }

    private static String text(Map<String, Double> commands) {
        return commands.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> String.format("%s %.2f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, List<Change>> ends(List<String> changes) {
        Map<String, List<Change>> ends = new HashMap<>();
        for (String line : changes) {
            String[] words = line.split(" ");
            Change change = Change.valueOf(words[0]);
            if (change == Change.LEFT || change == Change.DIED) {
                ends.computeIfAbsent(words[1], name -> new ArrayList<>()).add(change);
            }
        }
        return ends;
    }
}
