package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two clusters on one server see nothing of each other, whether namespaces or databases keep them apart. */
@Timeout(120)
final class IsolationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Procedure<String, String> WHO =
            Procedure.of("who", String.class, String.class).within(Backend.ANSWER);
    private static final TaskType<String> SAY = TaskType.of("say", String.class).on("talk");

    @ParameterizedTest
    @CsvSource({
        "local, namespace",
        "redis+jedis, namespace",
        "redis+lettuce, namespace",
        "redis+jedis, database",
        "redis+lettuce, database"
    })
    void clustersApartSeeNothingOfEachOther(String scheme, String apart) throws Exception {
        try (Backend backend = new Backend(scheme, Backend.ANSWER)) {
            Cluster left = join(backend, "left", apart);
            Cluster right = join(backend, "right", apart);
            cachesAreApart(left, right);
            topicsAreApart(left, right);
            membersAreApart(left, right);
            locksAreApart(left, right);
            ownersAreApart(left, right);
            callsAreApart(left, right);
            statsAreApart(left, right);
            listsAreApart(left, right);
            tasksAreApart(left, right);
        }
    }

    /** The token is the same on both sides: keys and channels keep them apart, not the signatures alone. */
    private static Cluster join(Backend backend, String side, String apart) {
        boolean left = side.equals("left");
        ClusterConfig.Builder config = apart.equals("namespace")
                ? backend.config("node").namespace(side).taskNamespace(side + "-tasks")
                : backend.at(backend.uri() + (left ? "/1" : "/2"), "node");
        return backend.join(config);
    }

    private static void cachesAreApart(Cluster left, Cluster right) {
        Cache<String> here = left.cache("things", String.class);
        Cache<String> there = right.cache("things", String.class);
        here.put("k", "left");
        here.put("k2", "left");
        assertThat(there.get("k")).isEmpty();
        assertThat(there.size()).isZero();
        there.put("k", "right");
        assertThat(there.keys("")).containsExactly("k");
        assertThat(there.clear("")).isEqualTo(1);
        assertThat(here.get("k")).contains("left");
        assertThat(here.size()).isEqualTo(2);
        assertThat(there.putIfAbsent("k2", "right", Duration.ofMinutes(1))).isTrue();
        assertThat(here.remove("k2")).isTrue();
        assertThat(there.get("k2")).contains("right");
    }

    private static void topicsAreApart(Cluster left, Cluster right) {
        Collection<String> heard = new ConcurrentLinkedQueue<>();
        right.topic("/news", String.class).subscribe(heard::add);
        right.topic("/**", String.class).subscribe(heard::add);
        assertThat(left.topic("/news", String.class).publish("left")).isEqualTo(Delivery.NONE);
        right.topic("/news", String.class).publish("right");
        await().atMost(PATIENCE).until(() -> heard.size() >= 2);
        assertThat(heard).containsExactly("right", "right");
    }

    private static void membersAreApart(Cluster left, Cluster right) {
        assertThat(left.members().refresh())
                .extracting(Node::id)
                .containsExactly(left.self().id());
        assertThat(right.members().refresh())
                .extracting(Node::id)
                .containsExactly(right.self().id());
    }

    private static void locksAreApart(Cluster left, Cluster right) throws InterruptedException {
        Lock.Held here = left.lock("one").tryLock(Duration.ZERO).orElseThrow();
        Lock.Held there = right.lock("one").tryLock(Duration.ZERO).orElseThrow();
        there.close();
        assertThat(left.lock("one").tryLock(Duration.ZERO)).isEmpty();
        assertThat(here.stillMine()).isTrue();
        here.close();
    }

    private static void ownersAreApart(Cluster left, Cluster right) {
        left.owners().hold("connection", "c1", Map.of());
        assertThat(right.owners().find("connection", "c1")).isEmpty();
        right.owners().hold("connection", "c1", Map.of()).close();
        assertThat(left.owners().find("connection", "c1"))
                .map(Node::id)
                .contains(left.self().id());
    }

    private static void callsAreApart(Cluster left, Cluster right) throws Exception {
        Rpc.on(left).serve(WHO, (question, caller) -> "left");
        Rpc.on(right).serve(WHO, (question, caller) -> "right");
        assertThat(Rpc.on(left).callAll(WHO, "").get().answers().values()).containsExactly("left");
        assertThat(Rpc.on(right).call(Target.any(), WHO, "").get().value()).isEqualTo("right");
        assertThat(Rpc.on(left).call(Target.node(right.self().id()), WHO, ""))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .asInstanceOf(InstanceOfAssertFactories.type(RpcException.class))
                .extracting(RpcException::reason)
                .isEqualTo(RpcException.Reason.NO_NODE);
    }

    private static void statsAreApart(Cluster left, Cluster right) {
        left.stats("visits").add("home", 1);
        left.stats("visits").flush();
        assertThat(left.stats("visits").read()).containsEntry("home", 1L);
        assertThat(right.stats("visits").read()).isEmpty();
    }

    private static void listsAreApart(Cluster left, Cluster right) {
        left.list("items", String.class).push("x");
        assertThat(right.list("items", String.class).pop()).isEmpty();
        assertThat(left.list("items", String.class).pop()).contains("x");
    }

    private static void tasksAreApart(Cluster left, Cluster right) {
        List<String> words = List.of("a", "b", "c");
        TaskQueue.on(left).enqueueAll(SAY, words);
        assertThat(TaskQueue.on(left).inspect().queue("talk"))
                .map(QueueInfo::waiting)
                .contains(3L);
        assertThat(TaskQueue.on(right).inspect().queues()).allMatch(queue -> queue.waiting() == 0);

        Collection<String> there = worker(right);
        TaskQueue.on(right).enqueue(SAY, "mine");
        await().atMost(PATIENCE).until(() -> !there.isEmpty());
        Collection<String> here = worker(left);
        await().atMost(PATIENCE).until(() -> here.size() == 3);
        assertThat(here).containsExactlyInAnyOrderElementsOf(words);
        assertThat(there).containsExactly("mine");
    }

    private static Collection<String> worker(Cluster node) {
        Collection<String> said = new ConcurrentLinkedQueue<>();
        Worker.on(node)
                .queues("talk")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(SAY, (text, task) -> said.add(text)))
                .start();
        return said;
    }
}
