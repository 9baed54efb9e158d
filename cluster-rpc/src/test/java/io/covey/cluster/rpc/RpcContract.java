package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.tck.NodeContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Rpc} promises, whatever the messages travel by. */
public abstract class RpcContract extends NodeContract {
    private static final Procedure<Add, Integer> ADD = Procedure.of("math.add", Add.class, Integer.class);
    private static final Procedure<String, String> WHO =
            Procedure.of("who", String.class, String.class).within(PATIENCE);

    private List<Cluster> nodes;
    private Cluster a;
    private Cluster b;
    private Cluster c;

    @BeforeEach
    final void joinNodes() {
        a = calling("a");
        b = calling("b");
        c = calling("c");
        nodes = List.of(a, b, c);
    }

    private Cluster calling(String name) {
        Cluster node = join(name);
        Rpc.on(node);
        return node;
    }

    record Add(int left, int right) {}

    static void fails(ThrowingCallable call, Reason reason) {
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
    final void aNodeIsCalledByItsId() throws Exception {
        Rpc.on(b).serve(ADD, (add, caller) -> add.left() + add.right());
        Reply<Integer> reply =
                Rpc.on(a).call(Target.node(b.self().id()), ADD, new Add(2, 3)).get();
        assertThat(reply.value()).isEqualTo(5);
        assertThat(reply.from()).isEqualTo(b.self());
    }

    @Test
    final void theHolderOfAConnectionIsCalledWithoutKnowingWhereItIs() throws Exception {
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
    final void anyFindsTheOneNodeThatServesIt() throws Exception {
        Rpc.on(c).serve(WHO, (argument, caller) -> "c");
        for (int i = 0; i < 20; i++) {
            assertThat(Rpc.on(a).call(Target.any(), WHO, "").get().value()).isEqualTo("c");
        }
    }

    @Test
    final void aHandlerThatThrowsAnErrorHasFailedAndItsCallerHearsOfItAtOnce() {
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            throw new NoClassDefFoundError("gone/Missing");
        });
        assertThatThrownBy(() ->
                        Rpc.on(a).call(Target.node(b.self().id()), WHO, "").get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("java.lang.NoClassDefFoundError: gone/Missing");
    }

    @Test
    final void aCallThatIsCancelledIsForgotten() throws Exception {
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
            eventually().until(() -> RpcNode.openCalls(a) == 1); // who is no owner any more answers besides
            call.cancel(false);
            assertThat(RpcNode.openCalls(a)).isZero();
        }
        end.countDown();
    }

    @Test
    final void whatCannotBeSentIsNotKept() {
        String huge = "x".repeat(2 << 20);
        assertThatThrownBy(() ->
                        Rpc.on(a).call(Target.node(b.self().id()), WHO, huge).get())
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class);
        eventually().until(() -> RpcNode.openCalls(a) == 0);
    }

    @Test
    final void theFirstAnswerOfAllCounts() throws Exception {
        serveWho();
        assertThat(Rpc.on(a).call(Target.all(), WHO, "").get().value()).isIn("a", "b", "c");
    }

    @Test
    final void callAllSaysWhoAnsweredWhoThrewAndWhoWasSilent() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(a).serve(WHO.nonBlocking(), (argument, caller) -> "a");
        Rpc.on(b).serve(WHO.nonBlocking(), (argument, caller) -> {
            throw new IllegalStateException("out of order");
        });
        Rpc.on(c).serve(WHO, (argument, caller) -> {
            end.await();
            return "late";
        });
        CompletableFuture<Replies<String>> call = Rpc.on(a).callAll(WHO.within(PATIENCE), "");
        // Asked after it on the same channel, answered after it, and heard after that answer.
        assertThat(Nodes.get(Rpc.on(a).callAll(BuiltIn.PING, new byte[0])).answers())
                .hasSize(3);
        RpcNode.advance(a, PATIENCE);
        Replies<String> replies = Nodes.get(call);
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
    final void callAllSaysWhoDiedMeanwhileAndDoesNotWaitForIt() throws Exception {
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
    final void aCallToANodeThatLeavesDoesNotWaitForItsTimeout() {
        CountDownLatch started = new CountDownLatch(1);
        Rpc.on(b).serve(WHO.within(Duration.ofMinutes(5)), (argument, caller) -> {
            started.countDown();
            Thread.sleep(Duration.ofMinutes(5).toMillis());
            return "";
        });
        CompletableFuture<Reply<String>> call =
                Rpc.on(a).call(Target.node(b.self().id()), WHO.within(Duration.ofMinutes(5)), "");
        eventually().until(() -> started.getCount() == 0);
        b.close(Duration.ZERO);
        fails(() -> call.get(60, TimeUnit.SECONDS), Reason.NODE_LOST);
    }

    @Test
    final void whatIsNotRegisteredCannotBeCalled() {
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
    final void aRequestPastItsDeadlineIsNotRun() throws Exception {
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
        Instant over = b.clock()
                .instant()
                .plusMillis(100)
                .plus(a.clock().error())
                .plus(b.clock().error());
        eventually().until(() -> b.clock().instant().isAfter(over));
        end.countDown();
        for (CompletableFuture<Reply<String>> call : blocked) {
            call.get(60, TimeUnit.SECONDS);
        }
        assertThat(Rpc.on(a).call(target, WHO, "").get().value()).isEqualTo("1");
    }

    @Test
    final void aFullNodeSaysBusyAtOnceAndAnyGoesElsewhere() throws Exception {
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
        eventually()
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
            call.handle((reply, thrown) -> reply).get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    final void anArgumentThatCannotBeReadIsRefusedAndNothingRuns() {
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(b).serve(ADD, (add, caller) -> runs.incrementAndGet());
        Procedure<String, Integer> wrong = Procedure.of(ADD.name(), String.class, Integer.class);
        fails(() -> Rpc.on(a).call(Target.node(b.self().id()), wrong, "{{").get(), Reason.BAD_ARGUMENT);
        assertThat(runs).hasValue(0);
    }

    @Test
    final void callsFromInsideAContinuationDoNotBlockTheInbox() throws Exception {
        serveWho();
        String chained = Rpc.on(a)
                .call(Target.node(b.self().id()), WHO, "")
                .thenApply(reply -> Rpc.on(a)
                        .call(Target.node(c.self().id()), WHO, reply.value())
                        .join()
                        .value())
                .get(60, TimeUnit.SECONDS);
        assertThat(chained).isEqualTo("cb");
    }

    @Test
    final void everyNodeServesPingAndInfo() throws Exception {
        assertThat(Rpc.on(a).callAll(BuiltIn.PING, new byte[0]).get().values()).containsExactly("pong", "pong", "pong");
        BuiltIn.Info info = Rpc.on(a)
                .call(Target.node(b.self().id()), BuiltIn.INFO, new byte[0])
                .get()
                .value();
        assertThat(info.id()).isEqualTo(b.self().id());
    }

    @Test
    final void aCallThatRunsIsFinishedBeforeItsNodeLeaves() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(b).serve(WHO, (argument, caller) -> {
            started.countDown();
            end.await();
            return "finished";
        });
        CompletableFuture<Reply<String>> call =
                Rpc.on(a).call(Target.node(b.self().id()), WHO.within(Duration.ofMinutes(1)), "");
        eventually().until(() -> started.getCount() == 0);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> b.close(Duration.ofMinutes(1)));
        eventually()
                .untilAsserted(() -> fails(
                        () -> Rpc.on(a)
                                .call(Target.node(b.self().id()), BuiltIn.PING, new byte[0])
                                .get(),
                        Reason.BUSY));
        end.countDown();
        assertThat(call.get(60, TimeUnit.SECONDS).value()).isEqualTo("finished");
        closing.get(60, TimeUnit.SECONDS);
    }

    @Test
    final void everyCallOfAClosedNodeFailsAsClosed() {
        Rpc calls = Rpc.on(a);
        a.close();
        for (Target target : List.of(
                Target.any(), Target.all(), Target.node(b.self().id()), Target.node("x"), Target.owner("room", "1"))) {
            fails(() -> calls.call(target, WHO, "").get(60, TimeUnit.SECONDS), Reason.CLOSED);
        }
        fails(() -> calls.callAll(WHO, "").get(60, TimeUnit.SECONDS), Reason.CLOSED);
    }
}
