package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.Lock;
import io.covey.cluster.NearOptions;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<String> WORK = TaskType.of("work", String.class)
            .on("own")
            .retry(RetryPolicy.standard().withAttempts(2).withFixedDelay(Duration.ofMillis(1)));
    private static final Procedure<String, String> ECHO = Procedure.of("echo", String.class, String.class);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private Cluster node;

    @BeforeEach
    void join() {
        node = Cluster.join("local:" + UUID.randomUUID());
    }

    @AfterEach
    void leave() {
        node.close(Duration.ZERO);
    }

    private double sum(String name, String... tags) {
        return Meters.sum(registry, name, tags);
    }

    @Test
    void readsOfACacheCountByWhatAnsweredThem() {
        new ClusterMetrics(node).bindTo(registry);
        Cache<String> cache = node.cache("profiles", String.class);
        cache.put("ada", "x");
        cache.get("ada");
        cache.get("bob");
        cache.getAll(List.of("ada", "bob", "eve"));
        cache.get("carl", Duration.ofMinutes(1), key -> Optional.of("loaded"));
        assertThatThrownBy(() -> cache.get("dan", Duration.ofMinutes(1), key -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(sum("covey.cache.gets", "cache", "profiles", "result", "hit"))
                .isEqualTo(2);
        assertThat(sum("covey.cache.gets", "result", "miss")).isEqualTo(5);
        assertThat(sum("covey.cache.loads", "outcome", "success")).isEqualTo(1);
        assertThat(sum("covey.cache.loads", "outcome", "failure")).isEqualTo(1);
    }

    @Test
    void copiesOnThisNodeCountByThemselves() {
        new ClusterMetrics(node).bindTo(registry);
        Cache<String> near =
                node.cache("near", String.class, CacheOptions.none().near(NearOptions.entries(100)));
        near.put("ada", "x");
        await().atMost(LONG).until(() -> {
            near.get("ada");
            return sum("covey.cache.gets", "cache", "near", "result", "near") > 0;
        });
    }

    @Test
    void namesBeyondAHundredAreOther() {
        new ClusterMetrics(node).bindTo(registry);
        for (int i = 0; i < Capped.MOST + 20; i++) {
            node.cache("cache-" + i, String.class).get("x");
        }
        assertThat(sum("covey.cache.gets", "cache", Capped.OTHER)).isEqualTo(20);
        assertThat(registry.find("covey.cache.gets").counters()).hasSizeLessThanOrEqualTo(3 * (Capped.MOST + 1));
    }

    @Test
    void locksTellWaitHoldAndLoss() throws InterruptedException {
        new ClusterMetrics(node).bindTo(registry);
        try (Lock.Held held = node.lock("report").tryLock(Duration.ZERO).orElseThrow()) {
            assertThat(held.stillMine()).isTrue();
            assertThat(sum("covey.locks.held", "kind", "lock")).isEqualTo(1);
            assertThat(node.lock("report").tryLock(Duration.ZERO)).isEmpty();
        }
        assertThat(sum("covey.locks.held", "kind", "lock")).isZero();
        assertThat(sum("covey.locks.wait", "outcome", "granted")).isEqualTo(1);
        assertThat(sum("covey.locks.wait", "outcome", "refused")).isEqualTo(1);
        assertThat(sum("covey.locks.hold", "kind", "lock", "outcome", "released"))
                .isEqualTo(1);
        assertThat(sum("covey.locks.hold", "outcome", "lost")).isZero();
    }

    @Test
    void messagesMembersAndHealthAreSeen() throws Exception {
        new ClusterMetrics(node).bindTo(registry);
        CompletableFuture<String> heard = new CompletableFuture<>();
        node.topic("/a", String.class).subscribe((channel, message) -> heard.complete(message));
        node.topic("/a", String.class).publish("x");
        heard.get(60, TimeUnit.SECONDS);
        assertThat(sum("covey.messages.published")).isGreaterThanOrEqualTo(1);
        assertThat(sum("covey.messages.delivered")).isGreaterThanOrEqualTo(1);
        assertThat(sum("covey.members")).isEqualTo(1);
        assertThat(sum("covey.leader")).isEqualTo(1);
        assertThat(sum("covey.ready")).isEqualTo(1);
        assertThat(sum("covey.live")).isEqualTo(1);
        node.close();
        assertThat(sum("covey.members")).isNaN();
        assertThat(sum("covey.ready")).isZero();
    }

    @Test
    void aListenerThatIsClosedCountsNothingMore() {
        ClusterMetrics metrics = new ClusterMetrics(node);
        metrics.bindTo(registry);
        node.cache("profiles", String.class).get("ada");
        metrics.close();
        node.cache("profiles", String.class).get("ada");
        assertThat(sum("covey.cache.gets")).isEqualTo(1);
    }

    @Test
    void callsAreTimedAtBothEndsByHowTheyEnded() throws Exception {
        Rpc rpc = Rpc.on(node);
        new RpcMetrics(rpc).bindTo(registry);
        rpc.serve(ECHO, (text, call) -> {
            if (text.equals("fail")) {
                throw new IllegalStateException("no");
            }
            return text;
        });
        rpc.call(Target.any(), ECHO, "x").get();
        assertThatThrownBy(() -> rpc.call(Target.any(), ECHO, "fail").get()).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> rpc.call(Target.node("none"), ECHO, "x").get()).isInstanceOf(ExecutionException.class);
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(sum("covey.rpc.client", "procedure", "echo", "outcome", "ok"))
                    .isEqualTo(1);
            assertThat(sum("covey.rpc.client", "outcome", "failed")).isEqualTo(1);
            assertThat(sum("covey.rpc.client", "outcome", "no_node")).isEqualTo(1);
            assertThat(sum("covey.rpc.server", "procedure", "echo", "outcome", "ok"))
                    .isEqualTo(1);
            assertThat(sum("covey.rpc.server", "outcome", "failed")).isEqualTo(1);
            assertThat(sum("covey.rpc.client.open")).isZero();
        });
    }

    @Test
    void tasksAreCountedFromTheirEnqueueToTheirEnd() {
        TaskMetrics metrics = new TaskMetrics(node);
        metrics.bindTo(registry);
        TaskQueue tasks = metrics.around(TaskQueue.on(node));
        tasks.queue("own").change(settings -> settings.withKind(Kind.OWN));
        Worker worker = metrics.watch(metrics.around(Worker.on(node))
                .queues("own")
                .handlers(handlers -> handlers.handle(WORK, (payload, task) -> {
                    if (payload.equals("fail")) {
                        throw new IllegalStateException("no");
                    }
                }))
                .start());
        tasks.enqueue(WORK, "x");
        tasks.enqueue(WORK, "fail");
        tasks.enqueue(TaskType.of("nobody", String.class).on("own"), "x");
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(sum("covey.tasks.enqueued", "queue", "own", "outcome", "added"))
                    .isEqualTo(3);
            assertThat(sum("covey.tasks.ended", "type", "work", "outcome", "done"))
                    .isEqualTo(1);
            assertThat(sum("covey.tasks.ended", "type", "work", "outcome", "retried"))
                    .isEqualTo(1);
            assertThat(sum("covey.tasks.ended", "type", "work", "outcome", "failed"))
                    .isEqualTo(1);
            assertThat(sum("covey.tasks.ended", "type", "unknown", "outcome", "failed"))
                    .isEqualTo(1);
            assertThat(sum("covey.tasks.started", "queue", "own", "type", "work"))
                    .isEqualTo(3);
            assertThat(sum("covey.tasks.run", "type", "work", "outcome", "returned"))
                    .isEqualTo(1);
            assertThat(sum("covey.tasks.run", "type", "work", "outcome", "threw"))
                    .isEqualTo(2);
            assertThat(sum("covey.tasks.wait", "type", "work")).isEqualTo(2);
            assertThat(sum("covey.worker.up")).isEqualTo(1);
            assertThat(sum("covey.worker.running")).isZero();
        });
        assertThat(sum("covey.worker.concurrency")).isEqualTo(worker.stats().concurrency());
        assertThat(worker.isClosed()).isFalse();
        worker.close();
        assertThat(worker.isClosed()).isTrue();
        assertThat(sum("covey.worker.concurrency")).isZero();
    }

    @Test
    void runsOfManyTypesAreCountedApartAndEachIsNamedByTheSameStrings() {
        int many = 40;
        Map<String, Queue<TaskContext>> seen = new ConcurrentHashMap<>();
        List<TaskType<String>> types = IntStream.range(0, many)
                .mapToObj(i -> TaskType.of("kind-" + i, String.class).on("own"))
                .toList();
        TaskMetrics metrics = new TaskMetrics(node);
        metrics.bindTo(registry);
        metrics.around(Worker.on(node))
                .queues("own")
                .handlers(handlers -> types.forEach(type -> handlers.handle(
                        type,
                        (payload, task) -> seen.computeIfAbsent(task.type(), name -> new ConcurrentLinkedQueue<>())
                                .add(task))))
                .start();
        TaskQueue tasks = TaskQueue.on(node);
        for (int round = 0; round < 3; round++) {
            types.forEach(type -> tasks.enqueue(type, "x"));
        }
        await().atMost(LONG).until(() -> sum("covey.tasks.ended", "outcome", "done") == 3 * many);
        for (TaskType<String> type : types) {
            assertThat(sum("covey.tasks.run", "type", type.name(), "outcome", "returned"))
                    .isEqualTo(3);
            // By which their meters are found without a look into a map.
            assertThat(seen.get(type.name())).hasSize(3).allSatisfy(task -> {
                assertThat(task.type()).isSameAs(type.name());
                assertThat(task.queue())
                        .isSameAs(seen.get(types.get(0).name()).element().queue());
            });
        }
    }

    @Test
    void theLeaderAloneLooksIntoTheQueues() {
        try (Cluster other = Cluster.join(node.config().transport().uri());
                QueueMetrics ofLeader = new QueueMetrics(node, Duration.ofSeconds(1));
                QueueMetrics ofOther = new QueueMetrics(other, Duration.ofSeconds(1))) {
            MeterRegistry registryOfOther = new SimpleMeterRegistry();
            assertThat(node.members().leader()).isEqualTo(node.self());
            ofLeader.bindTo(registry);
            ofOther.bindTo(registryOfOther);
            TaskQueue.on(node).enqueue(WORK, "x");
            await().atMost(LONG).until(() -> sum("covey.queue.tasks", "queue", "own", "state", "waiting") == 1);
            assertThat(sum("covey.queue.oldest")).isGreaterThanOrEqualTo(0);
            assertThat(Meters.sum(registryOfOther, "covey.queue.tasks")).isZero();
            node.close();
            await().atMost(LONG)
                    .until(() ->
                            Meters.sum(registryOfOther, "covey.queue.tasks", "queue", "own", "state", "waiting") == 1);
        }
    }

    @Test
    void theGuideListsEveryMeterAndNoOther() throws Exception {
        new ClusterMetrics(node).bindTo(registry);
        locksTellWaitHoldAndLossOnce();
        node.cache("profiles", String.class).get("x", Duration.ofMinutes(1), key -> Optional.of("y"));
        callsAreTimedAtBothEndsByHowTheyEnded();
        tasksAreCountedFromTheirEnqueueToTheirEnd();
        try (QueueMetrics queues = new QueueMetrics(node, Duration.ofSeconds(1))) {
            queues.bindTo(registry);
            await().atMost(LONG)
                    .until(() -> registry.find("covey.queue.paused").meter() != null
                            && registry.find("covey.tasks.kept").meter() != null);
            Set<String> there = new TreeSet<>();
            for (Meter meter : registry.getMeters()) {
                if (!meter.getId().getName().equals("covey.queue.oldest")) {
                    there.add(meter.getId().getName());
                }
            }
            Set<String> told = new TreeSet<>();
            Path guide = Path.of(System.getProperty("covey.test.root"), "docs", "observability.md");
            String text = Files.readString(guide);
            Matcher row = Pattern.compile("^\\| `(covey\\.[a-z.]+)`(\\*?) \\|", Pattern.MULTILINE)
                    .matcher(text.substring(text.indexOf("## Meters"), text.indexOf("## What to alert on")));
            while (row.find()) {
                if (row.group(2).isEmpty()) {
                    told.add(row.group(1));
                }
            }
            assertThat(there).isEqualTo(told);
        }
    }

    private void locksTellWaitHoldAndLossOnce() throws InterruptedException {
        node.lock("once").tryLock(Duration.ZERO).orElseThrow().close();
    }
}
