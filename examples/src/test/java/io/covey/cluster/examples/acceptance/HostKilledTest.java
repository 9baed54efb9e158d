package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Room;
import io.covey.cluster.examples.Jvm;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.tck.RoomLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** A process that is killed leaves no ghosts, and who waits for it does not wait for the timeout. */
@Tag("long")
@Timeout(180)
final class HostKilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @OnBothDrivers
    void itsMembersAndConnectionsAreGoneOnce(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            ClusterConfig.Builder config = backend.config("one").beat(KilledHost.BEAT);
            Cluster one = backend.join(config);
            Cluster two = backend.join(backend.config("two").beat(KilledHost.BEAT));
            RoomLog heardByOne = listen(one);
            RoomLog heardByTwo = listen(two);
            lobby(two).join("eve");
            Process victim = start(backend, config);
            CompletableFuture<String> hanging;
            try {
                await().atMost(PATIENCE)
                        .until(() -> Connections.on(one).find("abc").isPresent());
                await().atMost(PATIENCE).until(() -> joined(heardByOne) == KilledHost.MEMBERS + 1);
                await().atMost(PATIENCE).until(() -> joined(heardByTwo) == KilledHost.MEMBERS + 1);
                assertThat(Connections.on(one)
                                .apply("abc", KilledHost.ECHO, "hello")
                                .get())
                        .isEqualTo("hello");
                hanging = Connections.on(two).apply("abc", KilledHost.HANG, "");
                await().atMost(PATIENCE).until(() -> heardByOne.lines().contains("hanging"));
            } finally {
                victim.destroyForcibly();
            }
            victim.waitFor();
            long killed = System.nanoTime();
            assertThatThrownBy(() -> Connections.on(one)
                            .apply("abc", KilledHost.ECHO, "hello")
                            .get(60, TimeUnit.SECONDS))
                    .satisfies(e -> assertThat(reason(e)).isIn(Reason.NO_NODE, Reason.NODE_LOST));
            long refused = (System.nanoTime() - killed) / 1_000_000;
            assertThatThrownBy(() -> hanging.get(60, TimeUnit.SECONDS))
                    .satisfies(e -> assertThat(reason(e)).isEqualTo(Reason.NODE_LOST));
            long lost = (System.nanoTime() - killed) / 1_000_000;
            await().atMost(PATIENCE).until(() -> died(heardByOne) == KilledHost.MEMBERS);
            await().atMost(PATIENCE).until(() -> died(heardByTwo) == KilledHost.MEMBERS);
            long gone = (System.nanoTime() - killed) / 1_000_000;
            System.out.println("Host killed on " + scheme + ": a call refused after " + refused
                    + " ms, one in flight lost after " + lost + " ms, " + KilledHost.MEMBERS + " members gone after "
                    + gone + " ms");
            assertThat(Connections.on(one).count()).isZero();
            assertThat(lobby(one).count()).isEqualTo(1);
            lobby(two).leave("eve");
            await().atMost(PATIENCE).until(() -> heardByOne.lines().contains("eve left LEFT"));
            for (RoomLog log : List.of(heardByOne, heardByTwo)) {
                assertThat(log.lines()).doesNotHaveDuplicates();
            }
        }
    }

    @OnBothDrivers
    void whoStandsStillForTooLongIsOutAndInAgainWhenItGoesOn(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            ClusterConfig.Builder config = backend.config("one").beat(KilledHost.BEAT);
            Cluster one = backend.join(config);
            RoomLog log = listen(one);
            Process victim = start(backend, config);
            try {
                await().atMost(PATIENCE)
                        .until(() -> Connections.on(one).find("abc").isPresent());
                await().atMost(PATIENCE).until(() -> joined(log) == KilledHost.MEMBERS);
                signal("-STOP", victim);
                await().atMost(PATIENCE).until(() -> died(log) == KilledHost.MEMBERS);
                assertThat(lobby(one).count()).isZero();
                assertThat(Connections.on(one).find("abc")).isEmpty();
                signal("-CONT", victim);
                await().atMost(PATIENCE).until(() -> joined(log) == 2 * KilledHost.MEMBERS);
                await().atMost(PATIENCE)
                        .until(() -> Connections.on(one).find("abc").isPresent());
                assertThat(Connections.on(one)
                                .apply("abc", KilledHost.ECHO, "hello")
                                .get())
                        .isEqualTo("hello");
                assertThat(lobby(one).members()).hasSize(KilledHost.MEMBERS);
                assertThat(died(log)).isEqualTo(KilledHost.MEMBERS);
            } finally {
                victim.destroyForcibly();
            }
        }
    }

    private static void signal(String which, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", which, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Reason reason(Throwable thrown) {
        assertThat(thrown).isInstanceOf(ExecutionException.class).cause().isInstanceOf(RpcException.class);
        return ((RpcException) thrown.getCause()).reason();
    }

    private static long joined(RoomLog log) {
        return log.lines().stream().filter(line -> line.endsWith(" joined")).count();
    }

    private static long died(RoomLog log) {
        return log.lines().stream().filter(line -> line.endsWith(" DIED")).count();
    }

    private static RoomLog listen(Cluster node) {
        RoomLog log = new RoomLog();
        lobby(node).listen(log);
        return log;
    }

    private static Room<String> lobby(Cluster node) {
        return node.rooms().room("lobby", String.class);
    }

    private static Process start(Backend backend, ClusterConfig.Builder config) throws IOException {
        ProcessBuilder builder = Jvm.process(
                        KilledHost.class,
                        backend.uri(),
                        config.build().transport().namespace())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put(ClusterConfig.TOKEN_VARIABLE, backend.token());
        return builder.start();
    }
}
