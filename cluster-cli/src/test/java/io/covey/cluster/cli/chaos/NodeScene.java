package io.covey.cluster.cli.chaos;

import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Node;
import io.covey.cluster.Secret;
import io.covey.cluster.cli.Evidence;
import io.covey.cluster.cli.Jvm;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.tck.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One case of messaging: a Redis, node processes that reach it directly, and a node of the test's own that reaches it
 * through a proxy and calls the others.
 */
final class NodeScene implements AutoCloseable {
    static final Duration BEAT = Duration.ofSeconds(1);
    static final Duration LEASE = BEAT.multipliedBy(3);
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What a machine with other things to do may add to a time that is judged. */
    static final Duration NOISE = Duration.ofSeconds(2);

    static final String TOKEN = "5f0c2c1a9c7b4be6b7f1";

    final RedisServer redis;
    final FaultProxy proxy;
    final Cluster cluster;
    final Rpc rpc;
    final Random random;

    private final String name;
    private final String driver;
    private final Evidence evidence;
    private final Path tokenFile;
    private final List<Cluster> joined = new CopyOnWriteArrayList<>();
    private final List<ChaosProcess> nodes = new CopyOnWriteArrayList<>();
    private final long begun = System.nanoTime();

    /** Skips the test if the command asked for others. */
    NodeScene(String name, String driver) throws IOException {
        Asked.forCase(name, driver);
        this.name = name;
        this.driver = driver;
        random = Asked.random(name);
        evidence = new Evidence("covey-chaos-");
        tokenFile = evidence.folder().resolve("tokens");
        tokens(TOKEN);
        redis = RedisServer.builder()
                .appendOnly(true)
                .directory(evidence.folder().resolve("redis"))
                .start();
        proxy = new FaultProxy(redis.port());
        cluster = Cluster.join(
                settings("caller", proxy.port()).tokenFile(tokenFile).build());
        rpc = Rpc.on(cluster);
    }

    /** A further node in this process, closed with the scene. */
    Cluster join(String node, int port) {
        Cluster further =
                Cluster.join(settings(node, port).token(Secret.of(TOKEN)).build());
        joined.add(further);
        return further;
    }

    /** What becomes of the members from now on, {@code CHANGE name}. */
    List<String> changes() {
        List<String> changes = new CopyOnWriteArrayList<>();
        cluster.members().onChange((change, node) -> changes.add(change + " " + node.name()));
        return changes;
    }

    /** The settings of a node in this process, without a token. */
    ClusterConfig.Builder settings(String node, int port) {
        return ClusterConfig.builder(uri(port)).name(node).beat(BEAT).drain(Duration.ZERO);
    }

    /** Writes the server tokens of all nodes of this scene, the one that signs first. */
    void tokens(String... tokens) throws IOException {
        Files.write(tokenFile, List.of(tokens));
    }

    private String uri(int port) {
        return "redis+" + driver + "://127.0.0.1:" + port;
    }

    /** Starts a node process, without waiting for it. */
    ChaosProcess begin(String node) {
        List<String> command =
                Jvm.command(EchoNode.class, ChaosProcess.MEMORY, "-Dorg.slf4j.simpleLogger.defaultLogLevel=info");
        command.addAll(List.of(uri(redis.port()), node, file(node).toString(), Long.toString(BEAT.toMillis())));
        ChaosProcess started = ChaosProcess.run(
                node,
                evidence.folder(),
                command,
                Map.of(ClusterConfig.TOKEN_FILE_VARIABLE, tokenFile.toString()),
                "ready");
        nodes.add(started);
        return started;
    }

    /** Starts a node process and waits until this node knows it. */
    ChaosProcess start(String node) throws Exception {
        ChaosProcess started = begin(node).awaitReady();
        await().atMost(PATIENCE)
                .until(() -> cluster.members().list().stream()
                        .anyMatch(member -> member.name().equals(node)));
        return started;
    }

    /** The member of a name. */
    Node member(String node) {
        return cluster.members().list().stream()
                .filter(member -> member.name().equals(node))
                .findFirst()
                .orElseThrow();
    }

    Target to(String node) {
        return Target.node(member(node).id());
    }

    /** Calls, and waits for the answer. */
    Reply<String> call(Target target, Procedure<String, String> procedure, String text) throws Exception {
        return rpc.call(target, procedure, text).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What a node has written down so far. */
    List<String> lines(String node) {
        try {
            return Files.exists(file(node)) ? Files.readAllLines(file(node)) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String node) {
        return evidence.folder().resolve(node + ".lines");
    }

    /** Lets a moment go by, which is what a fault lasts. */
    void pass(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /** Says what the case showed. */
    void proved(String what) {
        System.out.println("chaos " + name + ", " + driver + ", seed " + Asked.SEED + ": " + what + ", "
                + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        evidence.proved();
    }

    @Override
    public void close() throws IOException {
        proxy.pass();
        nodes.forEach(ChaosProcess::end);
        joined.forEach(Cluster::close);
        cluster.close();
        proxy.close();
        redis.close();
        evidence.close("chaos " + name + ", " + driver + ", seed " + Asked.SEED);
    }
}
