package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred nodes in one process. */
@Timeout(120)
final class HundredNodesTest {
    private static final int NODES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofMillis(5);
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(PATIENCE);

    private final LocalBackend backend = LocalBackend.create();
    private final Queue<Cluster> joined = new ConcurrentLinkedQueue<>();
    private final ExecutorService joiners = Executors.newFixedThreadPool(NODES);

    @AfterEach
    void close() throws InterruptedException {
        joined.forEach(node -> joiners.execute(node::close));
        joiners.shutdown();
        joiners.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void allJoinAtOnceWhileCallsGoOnAndEachAnswersACallToAll() throws Exception {
        Cluster first = join("first");
        Cluster caller = join("caller");
        Rpc rpc = Rpc.on(caller);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger during = new AtomicInteger();
        CompletableFuture<Void> calls = CompletableFuture.runAsync(() -> {
            while (!ended.get()) {
                rpc.call(Target.node(first.self().id()), ECHO, "going on").join();
                during.incrementAndGet();
                LockSupport.parkNanos(PACE.toNanos());
            }
        });

        List<CompletableFuture<Cluster>> joining = new ArrayList<>();
        for (int i = 2; i < NODES; i++) {
            String name = "node-" + i;
            joining.add(CompletableFuture.supplyAsync(() -> join(name), joiners));
        }
        for (CompletableFuture<Cluster> node : joining) {
            node.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        for (Cluster node : joined) {
            await().atMost(PATIENCE).until(() -> node.members().list().size() == NODES);
        }
        int answered = during.get();
        await().atMost(PATIENCE).until(() -> during.get() > answered || calls.isDone());
        ended.set(true);
        calls.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        Replies<String> replies = rpc.callAll(ECHO, "all").get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
        assertThat(replies.failures()).isEmpty();
        assertThat(replies.answers()).hasSize(NODES);
        replies.answers().forEach((node, name) -> assertThat(name).isEqualTo(node.name()));
        assertThat(joined.stream().map(node -> node.members().leader().id()).distinct())
                .as("leaders")
                .containsExactly(first.self().id());
    }

    private Cluster join(String name) {
        Cluster node = Cluster.join(ClusterConfig.builder("local:hundred")
                .name(name)
                .drain(Duration.ofSeconds(2))
                .transport(backend.open(TransportConfig.of("local:hundred")))
                .build());
        joined.add(node);
        Rpc.on(node).serve(ECHO, (text, from) -> name);
        return node;
    }
}
