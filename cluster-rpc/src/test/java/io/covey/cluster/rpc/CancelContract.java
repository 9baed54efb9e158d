package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.tck.NodeContract;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that is cancelled is cancelled where it runs, whatever the messages travel by. */
public abstract class CancelContract extends NodeContract {
    private static final Procedure<String, String> WORK =
            Procedure.of("work", String.class, String.class).within(PATIENCE);

    private final Semaphore begun = new Semaphore(0);
    private Cluster a;
    private Cluster b;

    @BeforeEach
    final void joinNodes() {
        a = join("a");
        b = join("b");
        Rpc.on(a);
        Rpc.on(b);
    }

    @Test
    final void cancellingACallInterruptsItsHandlerAndNoOther() throws Exception {
        Semaphore interrupted = new Semaphore(0);
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<CallContext> context = new AtomicReference<>();
        Rpc.on(b).serve(WORK, (argument, call) -> {
            begun.release();
            try {
                end.await();
            } catch (InterruptedException e) {
                context.set(call);
                interrupted.release();
            }
            return argument;
        });
        CompletableFuture<Reply<String>> other = Rpc.on(a).call(Nodes.at(b), WORK, "other");
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(Nodes.at(b), WORK, "one");
        begun.acquire(2);
        call.cancel(true);
        interrupted.acquire();
        assertThat(context.get().isCancelled()).isTrue();
        end.countDown();
        assertThat(Nodes.get(other).value()).isEqualTo("other");
        assertThat(interrupted.tryAcquire()).isFalse();
    }

    @Test
    final void aCallThatIsCancelledWhileItWaitsIsNotStarted() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(b).serve(WORK.concurrency(1), (argument, call) -> {
            runs.incrementAndGet();
            begun.release();
            end.await();
            return argument;
        });
        CompletableFuture<Reply<String>> first = Rpc.on(a).call(Nodes.at(b), WORK, "first");
        begun.acquire();
        CompletableFuture<Reply<String>> second = Rpc.on(a).call(Nodes.at(b), WORK, "second");
        second.cancel(true);
        // a call that comes after it has been heard by then: the channel keeps the order
        Nodes.get(Rpc.on(a).call(Nodes.at(b), BuiltIn.PING, new byte[0]));
        end.countDown();
        Nodes.get(first);
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(b), WORK, "third")).value())
                .isEqualTo("third");
        assertThat(runs).hasValue(2);
    }

    @Test
    final void whatAnswersLaterIsCancelled() throws Exception {
        CompletableFuture<String> later = new CompletableFuture<>();
        Rpc.on(b).serveAsync(WORK.nonBlocking(), (argument, call) -> {
            begun.release();
            return later;
        });
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(Nodes.at(b), WORK, "");
        begun.acquire();
        call.cancel(true);
        eventually().until(later::isCancelled);
    }

    @Test
    final void cancellingACallToAllReachesEveryNode() throws Exception {
        Semaphore interrupted = new Semaphore(0);
        for (Cluster node : new Cluster[] {a, b}) {
            Rpc.on(node).serve(WORK, (argument, call) -> {
                begun.release();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.release();
                }
                return argument;
            });
        }
        CompletableFuture<Replies<String>> call = Rpc.on(a).callAll(WORK, "");
        begun.acquire(2);
        call.cancel(true);
        interrupted.acquire(2);
        assertThat(RpcNode.openCalls(a)).isZero();
    }
}
