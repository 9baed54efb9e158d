package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.RpcException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RpcTest {
    private static final Procedure<Add, Integer> ADD = Procedure.of("math.add", Add.class, Integer.class);
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

    record Add(int left, int right) {}

    private static void fails(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void serveWho() {
        for (Cluster node : nodes) {
            Rpc.on(node).serve(WHO, (argument, caller) -> node.self().name() + argument);
        }
    }

    @Test
    void aNodeIsCalledByItsId() throws Exception {
        Rpc.on(b).serve(ADD, (add, caller) -> add.left() + add.right());
        Reply<Integer> reply =
                Rpc.on(a).call(Target.node(b.self().id()), ADD, new Add(2, 3)).get();
        assertThat(reply.value()).isEqualTo(5);
        assertThat(reply.from()).isEqualTo(b.self());
    }

    @Test
    void theHolderOfAConnectionIsCalledWithoutKnowingWhereItIs() throws Exception {
        serveWho();
        c.owners().hold("connection", "abc123", Map.of());
        assertThat(Rpc.on(a)
                        .call(Target.owner("connection", "abc123"), WHO, "!")
                        .get()
                        .value())
                .isEqualTo("c!");
        fails(
                () -> Rpc.on(a)
                        .call(Target.owner("connection", "nobody"), WHO, "")
                        .get(),
                Reason.NO_NODE);
    }

    @Test
    void anyFindsTheOneNodeThatServesIt() throws Exception {
        Rpc.on(c).serve(WHO, (argument, caller) -> "c");
        for (int i = 0; i < 20; i++) {
            assertThat(Rpc.on(a).call(Target.any(), WHO, "").get().value()).isEqualTo("c");
        }
    }

    @Test
    void aHandlerThatThrowsAnErrorHasFailedAndItsCallerHearsOfItAtOnce() {
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            throw new NoClassDefFoundError("gone/Missing");
        });
        assertThatThrownBy(() ->
                        Rpc.on(a).call(Target.node(b.self().id()), WHO, "").get(4, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("java.lang.NoClassDefFoundError: gone/Missing");
    }

    @Test
    void aCallThatIsCancelledIsForgotten() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Semaphore begun = new Semaphore(0);
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            begun.release();
            end.await();
            return "b";
        });
        c.owners().hold("connection", "abc123", Map.of());
        b.owners().hold("connection", "abc123", Map.of());
        for (Target target :
                List.of(Target.node(b.self().id()), Target.owner("connection", "abc123"), Target.all(), Target.any())) {
            CompletableFuture<Reply<String>> call = Rpc.on(a).call(target, WHO, "");
            begun.acquire();
            Awaitility.await().until(() -> RpcNode.openCalls(a) == 1); // who is no owner any more answers besides
            call.cancel(false);
            assertThat(RpcNode.openCalls(a)).isZero();
        }
        end.countDown();
    }

    @Test
    void whatCannotBeSentIsNotKept() {
        String huge = "x".repeat(2 << 20);
        assertThatThrownBy(() ->
                        Rpc.on(a).call(Target.node(b.self().id()), WHO, huge).get())
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class);
        Awaitility.await().until(() -> RpcNode.openCalls(a) == 0);
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
    void theFirstAnswerOfAllCounts() throws Exception {
        serveWho();
        assertThat(Rpc.on(a).call(Target.all(), WHO, "").get().value()).isIn("a", "b", "c");
    }

    @Test
    void callAllSaysWhoAnsweredWhoThrewAndWhoWasSilent() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(a).serve(WHO, (argument, caller) -> "a");
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            throw new IllegalStateException("out of order");
        });
        Rpc.on(c).serve(WHO, (argument, caller) -> {
            end.await();
            return "late";
        });
        Replies<String> replies =
                Rpc.on(a).callAll(WHO.within(Duration.ofMillis(300)), "").get();
        end.countDown();
        assertThat(replies.answers()).containsExactly(Map.entry(a.self(), "a"));
        assertThat(replies.failures().keySet()).containsExactlyInAnyOrder(b.self(), c.self());
        assertThat(replies.failures().get(b.self()))
                .hasMessageContaining("IllegalStateException: out of order")
                .extracting(RpcException::reason)
                .isEqualTo(Reason.FAILED);
        assertThat(replies.failures().get(c.self())).isInstanceOf(RpcTimeoutException.class);
        assertThatThrownBy(() -> replies.atLeast(2)).isInstanceOf(RpcException.class);
        assertThat(replies.expected()).containsExactlyInAnyOrder(a.self(), b.self(), c.self());
        assertThat(replies.failed()).containsExactly(b.self());
        assertThat(replies.silent()).containsExactly(c.self());
        assertThat(replies.died()).isEmpty();
    }

    @Test
    void callAllSaysWhoDiedMeanwhileAndDoesNotWaitForIt() throws Exception {
        CountDownLatch started = new CountDownLatch(2);
        Procedure<String, String> patient = WHO.within(Duration.ofMinutes(5));
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(a).serve(patient, (argument, call) -> "a");
        for (Cluster node : List.of(b, c)) {
            Rpc.on(node).serve(patient, (argument, call) -> {
                started.countDown();
                end.await();
                return "late";
            });
        }
        CompletableFuture<Replies<String>> call = Rpc.on(a).callAll(patient, "");
        started.await();
        b.close(Duration.ZERO);
        end.countDown();
        Replies<String> replies = call.get(60, TimeUnit.SECONDS);
        assertThat(replies.died()).containsExactly(b.self());
        assertThat(replies.answers()).containsOnlyKeys(a.self(), c.self());
        assertThat(replies.failed()).isEmpty();
    }

    @Test
    void aCallToANodeThatLeavesDoesNotWaitForItsTimeout() {
        CountDownLatch started = new CountDownLatch(1);
        Rpc.on(b).serve(WHO.within(Duration.ofMinutes(5)), (argument, caller) -> {
            started.countDown();
            Thread.sleep(Duration.ofMinutes(5).toMillis());
            return "";
        });
        CompletableFuture<Reply<String>> call =
                Rpc.on(a).call(Target.node(b.self().id()), WHO.within(Duration.ofMinutes(5)), "");
        Awaitility.await().until(() -> started.getCount() == 0);
        b.close(Duration.ZERO);
        fails(() -> call.get(20, TimeUnit.SECONDS), Reason.NODE_LOST);
    }

    @Test
    void whatIsNotRegisteredCannotBeCalled() {
        for (String name : List.of("shutdown", "java.lang.Runtime.exec", "getClass")) {
            Procedure<String, String> procedure = Procedure.of(name, String.class, String.class);
            fails(
                    () -> Rpc.on(a)
                            .call(Target.node(b.self().id()), procedure, "")
                            .get(),
                    Reason.UNKNOWN_PROCEDURE);
        }
    }

    @Test
    void aRequestPastItsDeadlineIsNotRun() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Procedure<String, String> block = Procedure.of("block", String.class, String.class);
        Rpc.on(b).serve(block, (argument, caller) -> {
            end.await();
            return "";
        });
        Rpc.on(b).serve(WHO, (argument, caller) -> "" + runs.incrementAndGet());
        Target target = Target.node(b.self().id());
        List<CompletableFuture<Reply<String>>> blocked = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            blocked.add(Rpc.on(a).call(target, block.within(Duration.ofMinutes(1)), ""));
        }
        fails(
                () -> Rpc.on(a)
                        .call(target, WHO.within(Duration.ofMillis(100)), "")
                        .get(),
                Reason.TIMEOUT);
        end.countDown();
        for (CompletableFuture<Reply<String>> call : blocked) {
            call.get(20, TimeUnit.SECONDS);
        }
        assertThat(Rpc.on(a).call(target, WHO, "").get().value()).isEqualTo("1");
    }

    @Test
    void aFullNodeSaysBusyAtOnceAndAnyGoesElsewhere() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            end.await();
            return "b";
        });
        Procedure<String, String> patient = WHO.within(Duration.ofMinutes(1));
        List<CompletableFuture<Reply<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 64 + 1024 + 10; i++) {
            calls.add(Rpc.on(a).call(Target.node(b.self().id()), patient, ""));
        }
        Awaitility.await()
                .until(() -> calls.stream()
                                .filter(CompletableFuture::isCompletedExceptionally)
                                .count()
                        == 10);
        Rpc.on(c).serve(WHO, (argument, caller) -> "c");
        for (int i = 0; i < 5; i++) {
            assertThat(Rpc.on(a).call(Target.any(), patient, "").get().value()).isEqualTo("c");
        }
        end.countDown();
        for (CompletableFuture<Reply<String>> call : calls) {
            call.handle((reply, thrown) -> reply).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void anArgumentThatCannotBeReadIsRefusedAndNothingRuns() {
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(b).serve(ADD, (add, caller) -> runs.incrementAndGet());
        Procedure<String, Integer> wrong = Procedure.of(ADD.name(), String.class, Integer.class);
        fails(() -> Rpc.on(a).call(Target.node(b.self().id()), wrong, "{{").get(), Reason.BAD_ARGUMENT);
        assertThat(runs).hasValue(0);
    }

    @Test
    void callsFromInsideAContinuationDoNotBlockTheInbox() throws Exception {
        serveWho();
        String chained = Rpc.on(a)
                .call(Target.node(b.self().id()), WHO, "")
                .thenApply(reply -> Rpc.on(a)
                        .call(Target.node(c.self().id()), WHO, reply.value())
                        .join()
                        .value())
                .get(20, TimeUnit.SECONDS);
        assertThat(chained).isEqualTo("cb");
    }

    @Test
    void everyNodeServesPingAndInfo() throws Exception {
        assertThat(Rpc.on(a).callAll(BuiltIn.PING, new byte[0]).get().values()).containsExactly("pong", "pong", "pong");
        BuiltIn.Info info = Rpc.on(a)
                .call(Target.node(b.self().id()), BuiltIn.INFO, new byte[0])
                .get()
                .value();
        assertThat(info.id()).isEqualTo(b.self().id());
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
    void aCallThatRunsIsFinishedBeforeItsNodeLeaves() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            started.countDown();
            end.await();
            return "finished";
        });
        CompletableFuture<Reply<String>> call =
                Rpc.on(a).call(Target.node(b.self().id()), WHO.within(Duration.ofMinutes(1)), "");
        Awaitility.await().until(() -> started.getCount() == 0);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> b.close(Duration.ofMinutes(1)));
        Awaitility.await()
                .untilAsserted(() -> fails(
                        () -> Rpc.on(a)
                                .call(Target.node(b.self().id()), BuiltIn.PING, new byte[0])
                                .get(),
                        Reason.BUSY));
        end.countDown();
        assertThat(call.get(20, TimeUnit.SECONDS).value()).isEqualTo("finished");
        closing.get(20, TimeUnit.SECONDS);
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
        fails(() -> call.get(20, TimeUnit.SECONDS), Reason.CLOSED);
        fails(() -> Rpc.on(b).call(Target.node(a.self().id()), WHO, "").get(), Reason.NO_NODE);
        b.close(Duration.ZERO);
        c.close();
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("covey-") && name.contains("-rpc-")));
    }

    @Test
    void everyCallOfAClosedNodeFailsAsClosed() {
        Rpc calls = Rpc.on(a);
        a.close();
        for (Target target : List.of(
                Target.any(), Target.all(), Target.node(b.self().id()), Target.node("x"), Target.owner("room", "1"))) {
            fails(() -> calls.call(target, WHO, "").get(20, TimeUnit.SECONDS), Reason.CLOSED);
        }
        fails(() -> calls.callAll(WHO, "").get(20, TimeUnit.SECONDS), Reason.CLOSED);
    }
}
