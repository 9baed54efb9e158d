package io.covey.cluster.redis;

import static io.covey.cluster.redis.InteropScene.bytes;
import static io.covey.cluster.redis.InteropScene.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import io.covey.cluster.tasks.NodeResqueLocks;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Workers, statistics, locks and retries of both fleets, as each sees them of the other. */
public abstract class NodeWorkersContract extends InteropScenes {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TaskType<String> ADD = TaskType.raw("add").on("math");
    private static final TaskType<String> SLOW = TaskType.raw("slow").on("math");
    private static final TaskType<String> LOCKED = TaskType.raw("locked").on("math");
    private static final TaskType<String> QUEUED = TaskType.raw("queued").on("math");
    private static final TaskType<String> DELAYED_ONCE =
            TaskType.raw("delayedOnce").on("math");
    private static final TaskType<String> RETRIED = TaskType.raw("retried").on("math");

    private String get(String key) {
        return scene.redis.command("GET", key);
    }

    private WorkerRegistry registry() {
        return scene.cluster().transport().tasks().orElseThrow().workers().orElseThrow();
    }

    private List<WorkerInfo> workers() {
        return registry().list().toCompletableFuture().join();
    }

    @Test
    void nodeListsOurWorkerWithWhatItRunsAndItsSchedulerLeavesItAlone() {
        CountDownLatch go = new CountDownLatch(1);
        Worker worker = scene.worker(handlers -> handlers.handle(SLOW, (args, task) -> go.await()), "math", "more");
        scene.tasks().enqueue(SLOW, "[1,[]]");
        NodeProcess node = scene.nodeResque("{\"scheduler\":{\"stuckWorkerTimeout\":300,\"retryStuckJobs\":true}}");
        eventually().until(() -> !scene.keys("resque:worker:covey.*:math,more").equals("[]"));
        Map<?, ?> listed = (Map<?, ?>) node.queue("workers", "[]");
        assertThat(listed).hasSize(1);
        String name = (String) listed.keySet().iterator().next();
        assertThat(name).matches("covey\\.[^:]+:" + ProcessHandle.current().pid() + "\\+[0-9a-f]{8}");
        assertThat(listed.get(name)).isEqualTo("math,more");
        eventually().untilAsserted(() -> {
            Map<?, ?> working = (Map<?, ?>) node.queue("allWorkingOn", "[]");
            assertThat(working.get(name)).isInstanceOf(Map.class);
            Map<?, ?> running = (Map<?, ?>) working.get(name);
            assertThat(running.get("queue")).isEqualTo("math");
            assertThat(new String(JsonWriter.faithful(running.get("payload")), UTF_8))
                    .isEqualTo("{\"class\":\"slow\",\"queue\":\"math\",\"args\":[1,[]]}");
        });
        int polls = node.events("poll").size();
        eventually().until(() -> node.events("poll").size() >= polls + 20);
        assertThat(node.events("cleaned")).isEmpty();
        assertThat(scene.list("resque:failed")).isEmpty();
        assertThat(scene.keys("resque:worker:ping:*")).isEqualTo("[]");
        assertThat(scene.redis.command("EXISTS", "resque:workers:heartbeat")).isEqualTo("0");
        go.countDown();
        eventually().until(() -> worker.stats().processed() == 1);
        worker.close();
        assertThat((Map<?, ?>) node.queue("workers", "[]")).isEmpty();
        assertThat(scene.keys("resque:worker:*")).isEqualTo("[]");
    }

    @Test
    void aKilledWorkerOfNodeIsListedAndLeftAloneAndWhatNodeLeavesOfItIsDeletedAnHourLater() {
        NodeProcess killed = scene.nodeResque("{\"worker\":{\"queues\":[\"math\"],\"name\":\"host:1+1\"}}");
        killed.queue("enqueue", "[\"math\",\"hang\"]");
        eventually().until(() -> !killed.events("job").isEmpty());
        killed.kill();
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        scene.worker(
                handlers -> handlers.handle(TaskType.raw("hang").on("math"), (args, task) -> ran.add(args)), "math");
        eventually().until(() -> workers().size() == 2);
        WorkerInfo dead = workers().stream()
                .filter(worker -> worker.owner().equals("host:1+1:math"))
                .findFirst()
                .orElseThrow();
        assertThat(dead.queues()).containsExactly("math");
        assertThat(dead.running()).hasSize(1);
        assertThat(dead.running().get(0).type()).isEqualTo("hang");
        // an empty array became an empty object on its way through node-resque's script
        assertThat(get("resque:worker:host:1+1:math")).contains("\"args\":{}");
        assertThat(dead.running().get(0).args()).isEqualTo(bytes("[]"));

        NodeProcess cleaner = scene.nodeResque("{\"scheduler\":{\"stuckWorkerTimeout\":1000}}");
        eventually().until(() -> !cleaner.events("cleaned").isEmpty());
        cleaner.close();
        FailedTask task = scene.tasks().failed().page(0, 10).get(0);
        assertThat(task.failure().exception()).isEqualTo("Worker Timeout (killed manually)");
        assertThat(((Content.Readable) task.failure().content()).args()).isEqualTo(bytes("[]"));
        assertThat(ran).isEmpty();
        String left = get("resque:worker:host:1+1:math");
        assertThat(left).isNotEmpty();
        scene.redis.command(
                "SET",
                "resque:worker:host:1+1:math",
                left.replaceFirst("\"run_at\":\"[^\"]*\"", "\"run_at\":\"Thu Jan 01 2026 00:00:00 GMT+0000 (UTC)\""));
        scene.redis.command("DEL", "covey:{resque:workers}/swept");
        Worker.on(scene.join())
                .queues("other")
                .handlers(handlers -> handlers.handle(ADD, (args, some) -> {}))
                .start();
        eventually().until(() -> get("resque:worker:host:1+1:math").isEmpty());
        assertThat(scene.tasks().failed().retry(task)).isTrue();
        eventually().untilAsserted(() -> assertThat(ran).containsExactly("[]"));
    }

    @Test
    void statisticsOfBothAddUpAndAreIntegers() {
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"theirs\"],\"name\":\"host:1\"}}");
        node.queue("enqueue", "[\"theirs\",\"add\",[1,2]]");
        node.queue("enqueue", "[\"theirs\",\"fail\",[]]");
        eventually()
                .until(() -> !node.events("success").isEmpty()
                        && !node.events("failure").isEmpty());
        scene.worker(
                handlers -> {
                    handlers.handle(ADD, (args, task) -> {});
                    handlers.handle(TaskType.raw("unheard").on("math"), (args, task) -> {});
                },
                "math");
        scene.tasks().enqueue(ADD, "[1]");
        scene.tasks().enqueue(ADD, "[2]");
        scene.tasks().enqueue(TaskType.raw("nobody").on("math"), "[]");
        eventually().untilAsserted(() -> {
            Map<?, ?> stats = (Map<?, ?>) node.queue("stats", "[]");
            assertThat(stats.get("processed")).isEqualTo("3");
            assertThat(stats.get("failed")).isEqualTo("2");
            assertThat(stats.get("processed:host:1")).isEqualTo("1");
            assertThat(stats.keySet()).anyMatch(key -> key.toString().startsWith("processed:covey."));
            assertThat(stats.values()).allMatch(value -> value.toString().matches("[0-9]+"));
        });
        assertThat(scene.tasks().inspect().totals())
                .containsEntry("stat:processed", 3L)
                .containsEntry("stat:failed", 2L);
    }

    @Test
    void eachLetsATaskWaitThatTheOtherRuns() {
        NodeResqueLocks locks = NodeResqueLocks.on(scene.cluster());
        CountDownLatch go = new CountDownLatch(1);
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        scene.worker(
                handlers -> handlers.handle(LOCKED, locks.oneAtATime(HOUR, (args, task) -> {
                    go.await();
                    ran.add(args);
                })),
                "ours");
        String lock = "resque:workerslock:locked:ours:[1]";
        scene.tasks().enqueue(LOCKED.on("ours"), "[1]");
        eventually().until(() -> !get(lock).isEmpty());
        assertThat(Long.parseLong(get(lock).replaceFirst(" .*", ""))
                        - Instant.now().getEpochSecond())
                .isBetween(3500L, 3602L);
        assertThat(Integer.parseInt(scene.redis.command("TTL", lock))).isBetween(3500, 3600);
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"theirs\",\"ours\"]}}");
        node.queue("enqueue", "[\"ours\",\"locked\",[1]]");
        // whoever took it, it finds the lock and is delayed by a second; it comes again and again until it is free
        eventually()
                .until(() ->
                        !node.json("scheduledAt", "[\"ours\",\"locked\",[1]]").equals("[]"));
        assertThat(ran).isEmpty();
        assertThat(scene.list("ledger")).isEmpty();
        go.countDown();
        eventually().until(() -> ran.size() + scene.list("ledger").size() == 2);
        eventually().until(() -> get(lock).isEmpty());

        scene.redis.command(
                "SET",
                "resque:workerslock:locked:ours:[2]",
                "" + (Instant.now().getEpochSecond() + 3601),
                "EX",
                "3600");
        node.close();
        scene.tasks().enqueue(LOCKED.on("ours"), "[2]");
        eventually()
                .until(() ->
                        !scene.tasks().queue("ours").delayedAt(LOCKED, "[2]").isEmpty());
        assertThat(ran).doesNotContain("[2]");
        scene.redis.command("DEL", "resque:workerslock:locked:ours:[2]");
        eventually().until(() -> ran.contains("[2]"));
    }

    @Test
    void eachRefusesATaskThatTheOtherHasQueuedAndTheOneWhoRunsItFreesIt() {
        NodeProcess node = scene.nodeResque("{}");
        TaskType<String> unique = QUEUED.uniqueUntilStarted(HOUR);
        String lock = "resque:lock:queued:math:[1]";
        assertThat(scene.tasks().enqueue(unique, "[1]").accepted()).isTrue();
        assertThat(Long.parseLong(get(lock)) - Instant.now().getEpochSecond()).isBetween(3500L, 3602L);
        assertThat(Integer.parseInt(scene.redis.command("TTL", lock))).isBetween(3500, 3600);
        assertThat(node.json("enqueue", "[\"math\",\"queued\",[1]]")).isEqualTo("false");
        assertThat(node.json("enqueue", "[\"math\",\"queued\",[2]]")).isEqualTo("true");
        assertThat(scene.tasks().enqueue(unique, "[2]").duplicate()).isTrue();
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        Worker worker = scene.worker(handlers -> handlers.handle(unique, (args, task) -> ran.add(args)), "math");
        eventually().until(() -> ran.size() == 2 && scene.keys("resque:lock:*").equals("[]"));
        worker.close();
        assertThat(scene.tasks().enqueue(unique, "[3]").accepted()).isTrue();
        NodeProcess other = scene.nodeResque("{\"worker\":{\"queues\":[\"math\"]}}");
        eventually().until(() -> !other.events("success").isEmpty());
        assertThat(scene.keys("resque:lock:*")).isEqualTo("[]");
        assertThat(scene.tasks().enqueue(unique, "[3]").accepted()).isTrue();
    }

    @Test
    void eachAddsNothingThatTheOtherHasDelayed() {
        NodeProcess node = scene.nodeResque("{}");
        TaskQueue tasks =
                scene.tasks().around(NodeResqueLocks.on(scene.cluster()).unlessDelayed());
        tasks.enqueueIn(DELAYED_ONCE, "[1]", HOUR);
        assertThat(node.json("enqueue", "[\"math\",\"delayedOnce\",[1]]")).isEqualTo("false");
        node.queue("enqueueIn", "[3600000,\"math\",\"delayedOnce\",[2]]");
        assertThat(tasks.enqueue(DELAYED_ONCE, "[2]").duplicate()).isTrue();
        assertThat(tasks.queue("math").removeDelayed(DELAYED_ONCE, "[1]")).isEqualTo(1);
        assertThat(node.json("enqueue", "[\"math\",\"delayedOnce\",[1]]")).isEqualTo("true");
    }

    @Test
    void whatNodeHasCountedOfFailuresIsForgottenWhenWeHaveDoneTheTask() {
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"math\"],\"name\":\"host:1\"}}");
        List<String> args = List.of("[]", "[\"a b c\",null,true,1.50,{\"x\":[1]}]");
        args.forEach(one -> node.queue("enqueue", "[\"math\",\"retried\"," + one + "]"));
        eventually().until(() -> node.events("reEnqueue").size() == 2);
        node.close();
        assertThat(get("resque:resque-retry:retried")).isEqualTo("0");
        assertThat(get("resque:resque-retry:retried:ab c-null-true-1.5-{\"x\":[1]}"))
                .isEqualTo("0");
        assertThat(get("resque:failure-resque-retry:retried:")).contains("\"payload\":[]");
        NodeResqueLocks locks = NodeResqueLocks.on(scene.cluster());
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        scene.worker(
                handlers -> handlers.handle(RETRIED, locks.oneAtATime(HOUR, (some, task) -> ran.add(some))), "math");
        eventually().until(() -> ran.size() == 2);
        eventually().until(() -> scene.keys("resque:*resque-retry*").equals("[]"));
        eventually().until(() -> scene.keys("resque:workerslock:*").equals("[]"));
    }
}
