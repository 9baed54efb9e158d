package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.SignedBus;
import io.covey.cluster.TransportException;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that closes says so after its last answer: what it has not answered it has not run. */
@Timeout(120)
final class GoodbyeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(PATIENCE);

    private final LocalBackend backend = LocalBackend.create();
    private final Deque<Cluster> joined = new ArrayDeque<>();

    @AfterEach
    void close() {
        joined.forEach(Cluster::close);
    }

    @Test
    void callsToAnyGoOnWithAnotherWhenANodeCloses() throws Exception {
        Rpc rpc = Rpc.on(join("caller"));
        Cluster serving = serve("first");
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> load = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            load.add(CompletableFuture.runAsync(() -> {
                while (!ended.get()) {
                    try {
                        rpc.call(Target.any(), ECHO, "go on").join();
                        answered.incrementAndGet();
                    } catch (CompletionException e) {
                        failures.add(e.getCause());
                    }
                }
            }));
        }
        for (int i = 0; i < 10; i++) {
            Cluster next = serve("next-" + i);
            int before = answered.get();
            await().atMost(PATIENCE).until(() -> answered.get() > before + 20);
            serving.close();
            serving = next;
        }
        ended.set(true);
        for (CompletableFuture<Void> one : load) {
            one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aCallThatWasNotRunIsKnownNotToHaveBeenAndLaterOnesAreNotSent() {
        Cluster caller = join("caller");
        Cluster silent = silent(caller);
        CompletableFuture<?> open = Rpc.on(caller).call(toNode(silent), ECHO, "never run");
        CompletableFuture<Replies<String>> all = Rpc.on(caller).callAll(ECHO, "never run");
        sayGoodbye(silent, caller);
        assertThat(failure(open).reason()).isEqualTo(Reason.NO_NODE);
        assertThat(all)
                .succeedsWithin(PATIENCE)
                .satisfies(replies -> assertThat(
                                replies.failures().get(silent.self()).reason())
                        .isEqualTo(Reason.NO_NODE));
        assertThat(failure(Rpc.on(caller).call(toNode(silent), ECHO, "later")).reason())
                .isEqualTo(Reason.NO_NODE);
    }

    @Test
    void aCallWhoseAnswerMayHaveBeenMissedMayHaveRun() {
        Cluster caller = join("caller");
        Cluster silent = silent(caller);
        CompletableFuture<?> open = Rpc.on(caller).call(toNode(silent), ECHO, "perhaps run");
        RpcNode.gap(caller, "on purpose");
        sayGoodbye(silent, caller);
        assertThat(failure(open).reason()).isEqualTo(Reason.NODE_LOST);
    }

    @Test
    void aNodeWhoseAnswerIsLostDoesNotSayThatItHasAnsweredAll() {
        Cluster caller = join("caller");
        Rpc.on(caller);
        AtomicBoolean cut = new AtomicBoolean();
        Transport transport = backend.open(TransportConfig.of("local:goodbye"));
        AtomicReference<MessageBus> self = new AtomicReference<>();
        MessageBus bus = Proxies.of(MessageBus.class, transport.bus().orElseThrow(), (method, arguments, real) -> {
            if (method.getName().equals("sharded")) {
                return self.get();
            }
            return method.getName().equals("publish")
                            && arguments[0].equals(Frames.inbox(caller.self().id()))
                            && cut.getAndSet(false)
                    ? CompletableFuture.failedStage(new TransportException("cut on purpose"))
                    : real.call();
        });
        self.set(bus);
        Cluster callee = join("callee", Proxies.with(transport, "bus", bus));
        CountDownLatch ran = new CountDownLatch(1);
        Rpc.on(callee).serve(ECHO, (text, from) -> {
            cut.set(true);
            ran.countDown();
            return text;
        });
        await().atMost(PATIENCE).until(() -> caller.members().list().contains(callee.self()));
        CompletableFuture<?> call = Rpc.on(caller).call(toNode(callee), ECHO, "run");
        await().atMost(PATIENCE).until(() -> ran.getCount() == 0 && !cut.get());
        callee.close();
        assertThat(failure(call).reason()).isEqualTo(Reason.NODE_LOST);
    }

    @Test
    void whoSaysAfterItsGoodbyeWhatItServesIsCalledAgain() {
        Cluster caller = join("caller");
        Cluster silent = silent(caller);
        String inbox = Frames.inbox(caller.self().id());
        AtomicInteger requests = new AtomicInteger();
        SignedBus.Listener counter = message -> {
            if (message.kind() == Frames.REQUEST) {
                requests.incrementAndGet();
            }
        };
        Await.on(silent.bus().sharded().subscribe(Frames.inbox(silent.self().id()), counter), PATIENCE, "subscribe");
        sayGoodbye(silent, caller);
        await().atMost(PATIENCE).until(() -> RpcNode.saidGoodbye(caller, silent));
        assertThat(failure(Rpc.on(caller).call(toNode(silent), ECHO, "not sent"))
                        .reason())
                .isEqualTo(Reason.NO_NODE);
        assertThat(requests).hasValue(0);
        await().atMost(PATIENCE).until(() -> {
            Await.on(silent.bus().sharded().publish(inbox, Frames.OFFER, new byte[0]), PATIENCE, "offer");
            return !RpcNode.saidGoodbye(caller, silent);
        });
        CompletableFuture<?> sent = Rpc.on(caller).call(toNode(silent), ECHO, "sent");
        await().atMost(PATIENCE).until(() -> requests.get() == 1);
        sent.cancel(true);
    }

    @Test
    void whoOpensItsCallsAgainIsCalledAgain() {
        Cluster caller = join("caller");
        Rpc rpc = Rpc.on(caller);
        Cluster callee = serve("callee");
        Rpc.on(callee).close();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(failure(rpc.call(toNode(callee), ECHO, "closed"))
                                .reason()
                                .didNotRun())
                        .isTrue());
        Rpc.on(callee).serve(ECHO, (text, from) -> text);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        rpc.call(toNode(callee), ECHO, "open").join().value().equals("open"));
    }

    private Cluster join(String name) {
        return join(name, backend.open(TransportConfig.of("local:goodbye")));
    }

    private Cluster join(String name, Transport transport) {
        Cluster node = Cluster.join(ClusterConfig.builder("local:goodbye")
                .name(name)
                .drain(Duration.ofSeconds(10))
                .transport(transport)
                .build());
        joined.push(node);
        return node;
    }

    private Cluster serve(String name) {
        Cluster node = join(name);
        Rpc.on(node).serve(ECHO, (text, from) -> text);
        return node;
    }

    /** A node that hears requests and answers none. */
    private Cluster silent(Cluster caller) {
        Rpc.on(caller);
        Cluster node = join("silent");
        Await.on(node.bus().sharded().subscribe(Frames.inbox(node.self().id()), message -> {}), PATIENCE, "subscribe");
        await().atMost(PATIENCE).until(() -> caller.members().list().contains(node.self()));
        return node;
    }

    private static void sayGoodbye(Cluster node, Cluster to) {
        Await.on(
                node.bus().sharded().publish(Frames.inbox(to.self().id()), Frames.GOODBYE, new byte[0]),
                PATIENCE,
                "say goodbye");
    }

    private static Target toNode(Cluster node) {
        return Target.node(node.self().id());
    }

    private static RpcException failure(CompletableFuture<?> call) {
        return (RpcException)
                catchThrowableOfType(ExecutionException.class, () -> call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .getCause();
    }
}
