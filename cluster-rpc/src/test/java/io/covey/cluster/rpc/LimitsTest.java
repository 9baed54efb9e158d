package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.RpcException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Procedure<String, String> WORK =
            Procedure.of("work", String.class, String.class).within(Duration.ofMinutes(2));

    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void noMoreCallsOfAProcedureRunThanItDeclares() throws Exception {
        Cluster a = nodes.join("a");
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Rpc.on(a).serve(WORK.concurrency(2), (argument, call) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return argument;
        });
        List<CompletableFuture<Reply<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(Rpc.on(a).call(Nodes.at(a), WORK, "" + i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(Nodes.get(calls.get(i)).value()).isEqualTo("" + i);
        }
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void aProcedureThatIsFullIsBusyWhileOthersRun() throws Exception {
        Cluster a = nodes.join("a", RpcOptions.standard().withWaiting(3));
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(a).serve(WORK.concurrency(1), (argument, call) -> {
            end.await();
            return argument;
        });
        List<CompletableFuture<Reply<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(Rpc.on(a).call(Nodes.at(a), WORK, ""));
        }
        Nodes.failure(Rpc.on(a).call(Nodes.at(a), WORK, ""), Reason.BUSY);
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(a), BuiltIn.PING, new byte[0]))
                        .value())
                .isEqualTo("pong");
        end.countDown();
        for (CompletableFuture<Reply<String>> call : calls) {
            Nodes.get(call);
        }
    }

    @Test
    void theNumberOfOpenCallsIsBounded() throws Exception {
        Cluster a = nodes.join("a", RpcOptions.standard().withOpenCalls(2));
        CountDownLatch end = new CountDownLatch(1);
        Rpc.on(a).serve(WORK, (argument, call) -> {
            end.await();
            return argument;
        });
        CompletableFuture<Reply<String>> first = Rpc.on(a).call(Nodes.at(a), WORK, "");
        CompletableFuture<Reply<String>> second = Rpc.on(a).call(Nodes.at(a), WORK, "");
        assertThat(Nodes.failure(Rpc.on(a).call(Nodes.at(a), WORK, ""), Reason.BUSY))
                .hasMessageContaining("2 calls of this node are open; it was not sent");
        end.countDown();
        Nodes.get(first);
        Nodes.get(second);
        assertThat(RpcNode.openCalls(a)).isZero();
    }

    @Test
    void aHandlerThatNeverBlocksRunsWithoutAThreadOfThePool() throws Exception {
        Cluster a = nodes.join("a");
        Procedure<String, String> inline =
                Procedure.of("inline", String.class, String.class).nonBlocking();
        Rpc.on(a).serve(inline, (argument, call) -> Thread.currentThread().getName());
        Rpc.on(a).serve(WORK, (argument, call) -> Thread.currentThread().getName());
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(a), inline, "")).value()).doesNotContain("-rpc-");
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(a), WORK, "")).value()).contains("-rpc-");
    }

    @Test
    void stackTracesAreSeenIfTheCallerAsksAndTheCalleeTells() {
        Cluster asks = nodes.join("asks", RpcOptions.standard().withStackTraces(true, false));
        Cluster tells = nodes.join("tells", RpcOptions.standard().withStackTraces(false, true));
        for (Cluster node : List.of(asks, tells)) {
            Rpc.on(node).serve(WORK, (argument, call) -> {
                throw new IllegalStateException("out of order");
            });
        }
        RpcException seen = Nodes.failure(Rpc.on(asks).call(Nodes.at(tells), WORK, ""), Reason.FAILED);
        assertThat(seen.remoteType()).contains("java.lang.IllegalStateException");
        assertThat(seen.remoteStackTrace().orElseThrow()).contains("LimitsTest");
        assertThat(Nodes.failure(Rpc.on(asks).call(Nodes.at(asks), WORK, ""), Reason.FAILED)
                        .remoteStackTrace())
                .isEmpty();
        assertThat(Nodes.failure(Rpc.on(tells).call(Nodes.at(tells), WORK, ""), Reason.FAILED)
                        .remoteStackTrace())
                .isEmpty();
    }

    @Test
    void theOptionsOfANodeAreSetOnce() {
        Cluster a = nodes.join("a", RpcOptions.standard().withThreads(3));
        assertThat(Rpc.on(a)).isSameAs(Rpc.on(a, RpcOptions.standard().withThreads(3)));
        assertThatThrownBy(() -> Rpc.on(a, RpcOptions.standard()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("threads=3");
        assertThatThrownBy(() -> RpcOptions.standard().withThreads(0)).hasMessageContaining("threads must be between");
    }

    @Test
    void aResultThatIsTooLargeForAMessageIsAFailureThatIsTold() throws Exception {
        Cluster a = nodes.join("a");
        Cluster b = nodes.join("b");
        Rpc.on(b).serve(WORK, (argument, call) -> "x".repeat(b.config().maxFrameBytes()));
        assertThat(Nodes.failure(Rpc.on(a).call(Nodes.at(b), WORK, ""), Reason.FAILED))
                .hasMessageContaining("maxFrameBytes");
        assertThat(Nodes.failure(Rpc.on(a).call(Nodes.at(b), WORK.idempotent(), ""), Reason.FAILED))
                .hasMessageContaining("maxFrameBytes");
    }

    @Test
    void aMemberThatHasNotOpenedItsCallsIsNotWaitedFor() throws Exception {
        Cluster a = nodes.join("a");
        Cluster b = nodes.join("b");
        Cluster bare = nodes.bare("bare");
        Rpc.on(b).serve(WORK, (argument, call) -> "b");
        Replies<String> replies = Nodes.get(Rpc.on(a).callAll(WORK.within(Duration.ofMinutes(30)), ""));
        assertThat(replies.answers()).containsOnlyKeys(b.self());
        assertThat(replies.failures().get(bare.self()).reason()).isEqualTo(Reason.NO_NODE);
        assertThat(replies.failures().get(a.self()).reason()).isEqualTo(Reason.UNKNOWN_PROCEDURE);
    }

    @Test
    void headersTravelWithACallAndAreBounded() throws Exception {
        Cluster a = nodes.join("a");
        Cluster b = nodes.join("b");
        Rpc.on(b).serve(WORK, (argument, call) -> call.headers() + " " + call.caller());
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Rpc traced = Rpc.on(a).withHeaders(Map.of("traceparent", trace));
        assertThat(Nodes.get(traced.call(Nodes.at(b), WORK, "")).value())
                .isEqualTo("{traceparent=" + trace + "} " + a.self().id());
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(b), WORK, "")).value()).startsWith("{} ");
        assertThatThrownBy(() -> Rpc.on(a).withHeaders(Map.of("x", "x".repeat(5000))))
                .hasMessageContaining("4096");
    }

    @Test
    void whatUsersAttachToTheirCallsMayBlockWithoutHoldingUpOthers() throws Exception {
        Cluster a = nodes.join("a");
        Rpc.on(a).serve(WORK.nonBlocking(), (argument, call) -> argument);
        int count = 20;
        Phaser together = new Phaser(count);
        Thread attaching = Thread.currentThread();
        Collection<CompletableFuture<Integer>> all = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < count; i++) {
            all.add(Rpc.on(a).call(Nodes.at(a), WORK, "").thenApply(reply -> {
                if (Thread.currentThread() == attaching) {
                    // The answer was there before this was attached to it.
                    return together.arriveAndDeregister();
                }
                try {
                    return together.awaitAdvanceInterruptibly(together.arrive(), 60, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<Integer> one : all) {
            Nodes.get(one);
        }
    }

    @Test
    void statsCountWhatANodeServedAndRefused() throws Exception {
        Cluster a = nodes.join("a");
        Cluster b = nodes.join("b");
        Rpc.on(b).serve(WORK, (argument, call) -> {
            if (argument.isEmpty()) {
                throw new IllegalStateException();
            }
            return argument;
        });
        Nodes.get(Rpc.on(a).call(Nodes.at(b), WORK, "x"));
        Nodes.failure(Rpc.on(a).call(Nodes.at(b), WORK, ""), Reason.FAILED);
        Nodes.failure(
                Rpc.on(a).call(Nodes.at(b), Procedure.of("none", String.class, String.class), ""),
                Reason.UNKNOWN_PROCEDURE);
        Awaitility.await().atMost(Nodes.PATIENCE).untilAsserted(() -> {
            BuiltIn.Stats stats = Nodes.get(Rpc.on(a).call(Nodes.at(b), BuiltIn.STATS, new byte[0]))
                    .value();
            assertThat(stats.served()).isPositive();
            assertThat(stats.failed()).isEqualTo(1);
            assertThat(stats.refused()).isEqualTo(1);
            assertThat(stats.waiting()).isZero();
            assertThat(stats.open()).isZero();
            assertThat(stats.running()).isEqualTo(1);
            assertThat(stats.messages().received()).isGreaterThanOrEqualTo(4);
            assertThat(stats.messages().published()).isGreaterThanOrEqualTo(3);
        });
    }
}
