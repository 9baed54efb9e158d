package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.RpcException.Reason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What calls do within a process besides what they promise everywhere, which is {@code RpcContract}. */
class RpcTest {
    private static final Procedure<String, String> WHO = Procedure.of("who", String.class, String.class);

    private final String uri = "local:" + UUID.randomUUID();
    private final List<Cluster> nodes = new ArrayList<>();
    private final Cluster a = join("a");
    private final Cluster b = join("b");
    private final Cluster c = join("c");

    private Cluster join(String name) {
        Cluster node = Cluster.join(ClusterConfig.builder(uri)
                .name(name)
                .beat(Duration.ofMillis(300))
                .build());
        nodes.add(node);
        Rpc.on(node);
        nodes.forEach(
                each -> Awaitility.await().until(() -> each.members().refresh().size() == nodes.size()));
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.close(Duration.ofMillis(100)));
    }

    private void serveWho() {
        for (Cluster node : nodes) {
            Rpc.on(node).serve(WHO, (argument, caller) -> node.self().name() + argument);
        }
    }

    @Test
    void everyCallThatMeetsTheEndOfItsNodeEnds() throws Exception {
        serveWho();
        Target target = Target.node(b.self().id());
        for (int round = 0; round < 40; round++) {
            Rpc open = Rpc.on(a);
            List<CompletableFuture<?>> calls = new ArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                for (int i = 0; i < 300; i++) {
                    calls.add(open.call(target, WHO.within(Duration.ofMinutes(5)), ""));
                    begun.countDown();
                }
            });
            caller.start();
            begun.await();
            open.close();
            caller.join();
            assertThat(calls).hasSize(300);
            for (CompletableFuture<?> call : calls) {
                assertThat(call.handle((reply, thrown) -> true).get(5, TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    @Test
    void aNodeThatClosesHoweverLongItMayTakeWaitsForWhatIsAnsweredLater() throws Exception {
        CompletableFuture<String> later = new CompletableFuture<>();
        Rpc.on(b).serveAsync(WHO, (argument, caller) -> later);
        Target target = Target.node(b.self().id());
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(target, WHO.within(Duration.ofMinutes(5)), "");
        Awaitility.await().until(() -> Rpc.on(b).stats().running() == 1);
        Thread closing = new Thread(() -> b.close(ChronoUnit.FOREVER.getDuration()));
        closing.start();
        Awaitility.await()
                .until(() -> Rpc.on(a)
                        .call(target, BuiltIn.PING, new byte[0])
                        .handle((reply, thrown) -> thrown != null)
                        .get());
        assertThat(later.complete("answered")).isTrue();
        assertThat(call.get(20, TimeUnit.SECONDS).value()).isEqualTo("answered");
        closing.join();
    }

    @Test
    void oneNameIsServedOnceUntilItIsGivenUp() {
        var served = Rpc.on(a).serve(WHO, (argument, caller) -> "1");
        assertThatThrownBy(() -> Rpc.on(a).serve(WHO, (argument, caller) -> "2"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("who");
        served.close();
        Rpc.on(a).serve(WHO, (argument, caller) -> "3");
    }

    @Test
    void closingFailsWhatIsOpenAndLeavesNoThread() {
        CountDownLatch started = new CountDownLatch(1);
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            started.countDown();
            Thread.sleep(Duration.ofMinutes(5).toMillis());
            return "";
        });
        CompletableFuture<Reply<String>> call =
                Rpc.on(a).call(Target.node(b.self().id()), WHO.within(Duration.ofMinutes(5)), "");
        Awaitility.await().until(() -> started.getCount() == 0);
        a.close();
        a.close();
        RpcContract.fails(() -> call.get(20, TimeUnit.SECONDS), Reason.CLOSED);
        RpcContract.fails(
                () -> Rpc.on(b).call(Target.node(a.self().id()), WHO, "").get(), Reason.NO_NODE);
        b.close(Duration.ZERO);
        c.close();
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("covey-") && name.contains("-rpc-")));
    }
}
