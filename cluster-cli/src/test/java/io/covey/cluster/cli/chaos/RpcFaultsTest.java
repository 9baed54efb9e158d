package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.ClusterException;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to calls when the callee, the way or the server fails. */
@Tag("chaos")
@Timeout(600)
final class RpcFaultsTest {
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aCalleeThatWasStoppedDoesNotRunWhatIsPastItsDeadline(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-stop", driver)) {
            ChaosProcess callee = scene.start("callee");
            Target target = scene.to("callee");
            int late = 0;
            List<String> back = new ArrayList<>();
            // Once for less than its lease, once for so long that it was buried meanwhile.
            for (Duration stop : List.of(SHORT.plusMillis(500), NodeScene.LEASE.multipliedBy(3))) {
                scene.call(target, EchoNode.ECHO, "before");
                callee.pause();
                List<CompletableFuture<Reply<String>>> calls = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    calls.add(scene.rpc.call(target, EchoNode.ECHO.within(SHORT), "late-" + late++));
                }
                scene.pass(stop.toMillis());
                for (CompletableFuture<Reply<String>> call : calls) {
                    assertThat(call).isDone();
                    assertThat(failure(call).reason()).isIn(Reason.TIMEOUT, Reason.NODE_LOST);
                }
                callee.resume();
                long resumed = System.nanoTime();
                await().atMost(NodeScene.PATIENCE)
                        .ignoreExceptions()
                        .until(() -> scene.call(target, EchoNode.ECHO, "after").value(), "callee"::equals);
                back.add(since(resumed).toMillis() + " ms");
            }
            // Requests come in order: those that were late have been seen.
            for (int i = 0; i < 200; i++) {
                scene.call(target, EchoNode.ECHO, "after");
            }
            assertThat(scene.lines("callee")).contains("E after").noneMatch(line -> line.startsWith("E late"));
            scene.proved(
                    late + " calls past their deadline, none run; calls answered again " + back + " after SIGCONT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void whoCallsTheHolderOfAKeyKnowsSoonThatItWasKilled(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-kill-holder", driver)) {
            ChaosProcess holder = scene.start("holder");
            Target byKey = Target.owner(EchoNode.KIND, "abc123");
            scene.call(scene.to("holder"), EchoNode.HOLD, "abc123");
            scene.call(byKey, EchoNode.ECHO, "before");
            CompletableFuture<Reply<String>> inFlight =
                    scene.rpc.call(byKey, EchoNode.SLOW.within(LONG), "in-flight 50000");
            await().atMost(NodeScene.PATIENCE).until(() -> scene.lines("holder").contains("S in-flight 50000"));

            holder.kill();
            long killed = System.nanoTime();
            RpcException nobody = failure(scene.rpc.call(byKey, EchoNode.ECHO.within(LONG), "after"));
            Duration knewNobody = since(killed);
            RpcException lost = failure(inFlight);
            Duration knewLost = since(killed);

            assertThat(nobody.reason()).as("%s", nobody).isEqualTo(Reason.NO_NODE);
            assertThat(knewNobody).isLessThan(Duration.ofSeconds(1));
            assertThat(lost.reason()).as("%s", lost).isEqualTo(Reason.NODE_LOST);
            assertThat(knewLost).isLessThan(NodeScene.LEASE.plus(NodeScene.BEAT).plus(NodeScene.NOISE));
            // A successor takes over.
            scene.start("second");
            scene.call(scene.to("second"), EchoNode.HOLD, "abc123");
            assertThat(scene.call(byKey, EchoNode.ECHO, "again").value()).isEqualTo("second");
            scene.proved("nobody there known after " + knewNobody.toMillis() + " ms, the call in flight lost after "
                    + knewLost.toMillis() + " ms (lease " + NodeScene.LEASE.toMillis() + ")");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aCallInFlightWhenTheLinkDiesEndsInTime(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-cut", driver)) {
            scene.start("callee");
            Target target = scene.to("callee");
            List<String> ends = new ArrayList<>();
            List<Runnable> faults = List.of(scene.proxy::hold, scene.proxy::blackhole, () -> {
                scene.proxy.refuse();
                scene.proxy.reset();
            });
            for (int i = 0; i < faults.size(); i++) {
                String text = i + " 20000";
                Procedure<String, String> slow = EchoNode.SLOW.within(Duration.ofSeconds(4));
                long begun = System.nanoTime();
                CompletableFuture<Reply<String>> inFlight = scene.rpc.call(target, slow, text);
                await().atMost(NodeScene.PATIENCE)
                        .until(() -> scene.lines("callee").contains("S " + text));
                faults.get(i).run();
                long asked = System.nanoTime();
                CompletableFuture<Reply<String>> during =
                        scene.rpc.call(target, EchoNode.ECHO.within(Duration.ofSeconds(3)), "during");
                ends.add(reason(during) + " in " + since(asked).toMillis() + " of 3000 ms");
                assertThat(since(asked)).isLessThan(Duration.ofMillis(3300).plus(NodeScene.NOISE));
                ends.add(reason(inFlight) + " in " + since(begun).toMillis() + " of 4000 ms");
                assertThat(since(begun)).isLessThan(Duration.ofMillis(4400).plus(NodeScene.NOISE));

                scene.proxy.reset();
                scene.proxy.pass();
                if (i == 2) {
                    scene.proxy.accept();
                }
                await().atMost(NodeScene.PATIENCE)
                        .ignoreExceptions()
                        .until(() -> scene.call(target, EchoNode.ECHO, "healed").value(), "callee"::equals);
            }
            scene.proved("held, swallowed, refused: " + ends);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void callsGoOnAfterRedisWasKilled(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("rpc-redis-kill", driver)) {
            scene.start("a");
            scene.start("b");
            List<String> changes = scene.changes();
            Load load = new Load(scene, Target.any(), 4);
            load.awaitMore(100);
            for (int i = 0; i < 3; i++) {
                scene.redis.kill();
                scene.pass(1000 + scene.random.nextInt(1000));
                scene.redis.restart();
                load.awaitMore(100);
            }
            load.end();
            assertThat(load.broken).as("calls that did not end as calls do").isEmpty();
            assertThat(changes).noneMatch(change -> change.startsWith("DIED") || change.startsWith("LEFT"));
            scene.proved("3 kills, " + load);
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static RpcException failure(CompletableFuture<?> call) {
        Throwable thrown = catchThrowableOfType(
                        ExecutionException.class, () -> call.get(NodeScene.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .getCause();
        assertThat(thrown).isInstanceOf(RpcException.class);
        return (RpcException) thrown;
    }

    /** How a call failed; a transport that is down may say so itself. */
    private static String reason(CompletableFuture<?> call) {
        Throwable thrown = catchThrowableOfType(
                        ExecutionException.class, () -> call.get(NodeScene.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .getCause();
        assertThat(thrown).isInstanceOf(ClusterException.class);
        assertThat(thrown.getMessage()).isNotBlank().doesNotContain("\n");
        return thrown instanceof RpcException known
                ? known.reason().toString()
                : thrown.getClass().getSimpleName();
    }
}
