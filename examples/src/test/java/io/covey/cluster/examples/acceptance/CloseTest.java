package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.Lock;
import io.covey.cluster.SharedList;
import io.covey.cluster.Topic;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.examples.OnEveryTransport;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;

/** A node that was closed leaves nothing behind. */
@Timeout(120)
final class CloseTest {
    private static final int CYCLES = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Procedure<String, String> GREET = Procedure.of("greet", String.class, String.class);
    private static final TaskType<String> SAY = TaskType.of("say", String.class).on("talk");

    @OnEveryTransport
    void noThreadNoConnectionAndNoObjectIsLeftAfterFiftyNodes(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Threads threads = new Threads();
            List<WeakReference<Cluster>> nodes = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < CYCLES; i++) {
                nodes.add(new WeakReference<>(useAndClose(backend)));
            }
            long millis = (System.nanoTime() - start) / 1_000_000 / CYCLES;

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(threads.started()).isEmpty());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(backend.connections()).isZero());
            await().atMost(PATIENCE).untilAsserted(() -> {
                System.gc();
                assertThat(nodes).allMatch(node -> node.get() == null);
            });
            System.out.println(
                    "Joined, used and closed " + CYCLES + " nodes on " + scheme + ": " + millis + " ms each");
        }
    }

    private static Cluster useAndClose(Backend backend) throws Exception {
        Cluster node = Cluster.join(backend.config("guest").build());
        node.cache("things", String.class).put("k", "v");
        node.topic("/news", String.class).subscribe(message -> {});
        node.lock("a").tryLock(Duration.ZERO).orElseThrow();
        Rpc.on(node).serve(GREET, (name, caller) -> "hello " + name);
        CompletableFuture<String> said = new CompletableFuture<>();
        worker(node, said);
        TaskQueue.on(node).enqueue(SAY, "hi");
        assertThat(said).succeedsWithin(PATIENCE);
        node.close();
        node.close();
        return node;
    }

    private static Worker worker(Cluster node, CompletableFuture<String> said) {
        return Worker.on(node)
                .queues("talk")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(SAY, (text, task) -> said.complete(text)))
                .start();
    }

    @OnBothDrivers
    void everyThreadOfANodeIsADaemonNamedAfterItAndEndsWithIt(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Threads threads = new Threads();
            Cluster node = backend.join(backend.config("guest"));
            node.topic("/news", String.class).subscribe(message -> {});
            Rpc calls = Rpc.on(node);
            calls.serve(GREET, (name, caller) -> "hello " + name);
            CompletableFuture<String> said = new CompletableFuture<>();
            worker(node, said);
            TaskQueue.on(node).enqueue(SAY, "hi");
            assertThat(said).succeedsWithin(PATIENCE);
            assertThat(calls.call(Target.node(node.self().id()), GREET, "me")).succeedsWithin(PATIENCE);

            assertThat(threads.started()).isNotEmpty().allSatisfy(thread -> {
                assertThat(thread.isDaemon()).as("%s is a daemon", thread).isTrue();
                assertThat(thread.getName()).startsWith("covey-");
            });
            assertThat(backend.connections()).isPositive();
            node.close();
            assertThat(threads.started())
                    .filteredOn(thread -> thread.getName().startsWith("covey-guest"))
                    .isEmpty();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(threads.started()).isEmpty());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(backend.connections()).isZero());
        }
    }

    @OnEveryTransport
    void aClosedNodeSaysSoInOneLine(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Cluster node = backend.join(backend.config("guest"));
            Cache<String> cache = node.cache("things", String.class);
            SharedList<String> list = node.list("items", String.class);
            Topic<String> news = node.topic("/news", String.class);
            Lock lock = node.lock("a");
            Rpc calls = Rpc.on(node);
            TaskQueue tasks = TaskQueue.on(node);
            node.close();

            Refusals refusals = new Refusals("guest is closed");
            refusals.expect(
                    "cache", Duration.ZERO, () -> node.cache("b", String.class).get("k"));
            refusals.expect("get", Duration.ZERO, () -> cache.get("k"));
            refusals.expect("keys", Duration.ZERO, () -> cache.keys("").count());
            refusals.expect("publish", Duration.ZERO, () -> news.publish("x"));
            refusals.expect("subscribe", Duration.ZERO, () -> news.subscribe(message -> {}));
            refusals.expect("lock", Duration.ZERO, () -> lock.tryLock(Duration.ZERO));
            refusals.expect("members", Duration.ZERO, () -> node.members().list());
            refusals.expect("refresh", Duration.ZERO, () -> node.members().refresh());
            refusals.expect("owners", Duration.ZERO, () -> node.owners().hold("c", "1", Map.of()));
            refusals.expect("find", Duration.ZERO, () -> node.owners().find("c", "1"));
            refusals.expect("stats", Duration.ZERO, () -> node.stats("s").add("c", 1));
            refusals.expect("list", Duration.ZERO, () -> node.list("l", String.class));
            refusals.expect("push", Duration.ZERO, () -> list.push("x"));
            refusals.expect("pop", Duration.ZERO, list::pop);
            refusals.expect("size", Duration.ZERO, list::size);
            refusals.expect("enqueue", Duration.ZERO, () -> tasks.enqueue(SAY, "x"));
            refusals.expect("inspect", Duration.ZERO, () -> tasks.inspect().queues());
            refusals.expect(
                    "call",
                    Duration.ZERO,
                    () -> calls.call(Target.any(), GREET, "x").get());
            refusals.expect(
                    "call one",
                    Duration.ZERO,
                    () -> calls.call(Target.node("x"), GREET, "x").get());
            refusals.expect(
                    "call owner",
                    Duration.ZERO,
                    () -> calls.call(Target.owner("c", "1"), GREET, "x").get());
            refusals.expect(
                    "call all", Duration.ZERO, () -> calls.callAll(GREET, "x").get());
            refusals.expect("rpc", Duration.ZERO, () -> Rpc.on(node));
            refusals.expect("worker", Duration.ZERO, () -> worker(node, new CompletableFuture<>()));
        }
    }
}
