package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Rejection;
import io.covey.cluster.Secret;
import io.covey.cluster.examples.OnEveryTransport;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server token is replaced on three nodes that call each other all the time. */
@Timeout(180)
final class RotationTest {
    private static final Secret OLD = Secret.of("the old token 1fd0b7c3");
    private static final Secret NEW = Secret.of("the new token 8a64e29f");
    private static final int NODES = 3;
    private static final int CALLS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Procedure<Integer, Integer> TWICE =
            Procedure.of("twice", Integer.class, Integer.class).within(Duration.ofSeconds(30));

    @TempDir
    Path folder;

    @OnEveryTransport
    void inThreeStepsNoCallFailsAndTheOldTokenIsRefusedAfterwards(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            List<Cluster> nodes = join(backend, config -> config.token(OLD));
            try (Load load = new Load(nodes)) {
                load.round();
                nodes.forEach(node -> node.tokens().accept(NEW));
                load.round();
                nodes.forEach(node -> node.tokens().signWith(NEW));
                load.round();
                nodes.forEach(node -> node.tokens().refuse(OLD));
                load.round();
            }
            theOldTokenIsRefused(backend, nodes.get(0));
        }
    }

    /** Half a minute of waiting for files to be read. */
    @Test
    @Tag("long")
    void aFileOfTokensDoesTheSame() throws Exception {
        Path file = folder.resolve("tokens");
        write(file, OLD);
        try (Backend backend = new Backend("redis+lettuce")) {
            List<Cluster> nodes = join(backend, config -> config.tokenFile(file));
            try (Load load = new Load(nodes)) {
                for (List<Secret> step : List.of(List.of(OLD, NEW), List.of(NEW, OLD), List.of(NEW))) {
                    load.round();
                    write(file, step.toArray(Secret[]::new));
                    List<String> ids = step.stream()
                            .map(token -> nodes.get(0).tokens().id(token))
                            .toList();
                    await().atMost(PATIENCE)
                            .until(() -> nodes.stream()
                                    .allMatch(node -> node.tokens().ids().equals(ids)));
                }
                load.round();
            }
            theOldTokenIsRefused(backend, nodes.get(0));
        }
    }

    @Test
    void aRunningNodeFollowsItsFile() throws Exception {
        Path file = folder.resolve("tokens");
        write(file, OLD);
        try (Backend backend = new Backend("local")) {
            Cluster node = backend.join(backend.config("node").tokenFile(file));
            write(file, NEW);
            await().atMost(PATIENCE)
                    .until(() ->
                            node.tokens().ids().equals(List.of(node.tokens().id(NEW))));
        }
    }

    private static void theOldTokenIsRefused(Backend backend, Cluster node) {
        long before = node.health().rejected().get(Rejection.KEY);
        Cluster late = backend.join(backend.config("late").token(OLD));
        Rpc.on(late).call(Target.node(node.self().id()), TWICE, 1);
        await().atMost(PATIENCE).until(() -> node.health().rejected().get(Rejection.KEY) > before);
    }

    private static List<Cluster> join(Backend backend, Consumer<ClusterConfig.Builder> token) {
        List<Cluster> nodes = IntStream.range(0, NODES)
                .mapToObj(i -> {
                    var config = backend.config("node-" + i);
                    token.accept(config);
                    return backend.join(config);
                })
                .toList();
        nodes.forEach(node -> Rpc.on(node).serve(TWICE, (number, caller) -> 2 * number));
        nodes.forEach(node ->
                await().atMost(PATIENCE).until(() -> node.members().refresh().size() == NODES));
        return nodes;
    }

    private static void write(Path file, Secret... tokens) throws Exception {
        Files.write(
                file,
                Arrays.stream(tokens)
                        .map(token -> new String(token.bytes(), StandardCharsets.UTF_8))
                        .toList());
    }

    /** Each node calls the next one, one call at a time, until this is closed. */
    private static final class Load implements AutoCloseable {
        private final List<Cluster> nodes;
        private final AtomicInteger[] done;
        private final Thread[] threads;
        private final Collection<String> failures = new ConcurrentLinkedQueue<>();
        private volatile boolean over;

        Load(List<Cluster> nodes) {
            this.nodes = nodes;
            this.done =
                    IntStream.range(0, NODES).mapToObj(i -> new AtomicInteger()).toArray(AtomicInteger[]::new);
            this.threads = IntStream.range(0, NODES)
                    .mapToObj(i -> new Thread(() -> run(i), "load-" + i))
                    .toArray(Thread[]::new);
            Arrays.stream(threads).forEach(Thread::start);
        }

        private void run(int i) {
            Rpc rpc = Rpc.on(nodes.get(i));
            Target next = Target.node(nodes.get((i + 1) % NODES).self().id());
            for (int n = 0; !over; n++) {
                try {
                    assertThat(rpc.call(next, TWICE, n).get().value()).isEqualTo(2 * n);
                } catch (Exception | AssertionError e) {
                    failures.add(e.toString());
                }
                done[i].incrementAndGet();
            }
        }

        /** A call that began before has ended when this returns, and others have followed. */
        void round() {
            int[] before = Arrays.stream(done).mapToInt(AtomicInteger::get).toArray();
            await().atMost(PATIENCE)
                    .until(() -> IntStream.range(0, NODES).allMatch(i -> done[i].get() >= before[i] + CALLS));
            assertThat(failures).isEmpty();
        }

        @Override
        public void close() {
            over = true;
            for (Thread thread : threads) {
                try {
                    thread.join(PATIENCE.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            assertThat(failures).isEmpty();
        }
    }
}
