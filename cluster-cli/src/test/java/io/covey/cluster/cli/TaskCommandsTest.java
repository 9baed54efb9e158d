package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TaskCommandsTest extends CommandsOnRedis {
    private static final TaskType<String> GREET =
            TaskType.of("greet", String.class).on("greetings").retry(RetryPolicy.never());

    /** Greetings fail, each with its own text. */
    private void fail(Cluster node, String... names) {
        TaskQueue tasks = TaskQueue.on(node);
        long before = tasks.failed().count();
        tasks.enqueueAll(GREET, List.of(names));
        Worker worker = Worker.on(node)
                .queues("greetings")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(GREET, (name, task) -> {
                    throw new IllegalStateException("no " + name + " here");
                }))
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> tasks.failed().count() == before + names.length);
        worker.close();
    }

    @Test
    void failedTasksAreListedShownRunAgainAndDropped() {
        try (Cluster node = join()) {
            fail(node, "ada", "bob", "eve", "dan");
        }
        Shell.Run list = cluster("failed", "list");
        assertThat(list.out()).contains("no ada here", "no dan here", "4 of 4 failed tasks");
        assertThat(cluster("failed", "list", "--error=bob").out().lines()).hasSize(2);
        assertThat(cluster("failed", "list", "--limit=1", "--json").out().lines())
                .singleElement()
                .asString()
                .contains("\"queue\":\"greetings\"", "\"type\":\"greet\"", "\"error\":\"no dan here\"");
        String id = list.out()
                .lines()
                .filter(line -> line.contains("ada"))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
        assertThat(cluster("failed", "show", id).out()).contains("[\"ada\"]", "backtrace:", "IllegalStateException");
        assertThat(cluster("failed", "retry", id)).isEqualTo(new Shell.Run(0, "retried " + id + "\n", ""));
        assertThat(cluster("failed", "retry", id))
                .isEqualTo(new Shell.Run(1, "", "cluster failed: there is no failed task " + id + "\n"));
        assertThat(cluster("queues", "--json").out()).contains("\"queue\":\"greetings\",\"waiting\":1");
        assertThat(cluster("failed", "retry", "--all", "--error=bob").out()).isEqualTo("retried 1\n");
        assertThat(cluster("failed", "drop", "--all", "--older-than=1h").out()).isEqualTo("dropped 0\n");
        assertThat(cluster("tasks", "--queue=greetings", "--state=failed").out())
                .contains("no eve here", "2 failed");
        assertThat(cluster("failed", "drop", "--all", "--queue=greetings").out())
                .isEqualTo("dropped 2\n");
        assertThat(cluster("failed", "list").out()).contains("0 of 0");
        assertThat(cluster("failed", "drop").status()).isEqualTo(2);
        assertThat(cluster("failed").status()).isEqualTo(2);
    }

    @Test
    void failedTasksAreCountedByWhatTheyHaveInCommonAndShownPageByPage() {
        try (Cluster node = join()) {
            fail(node, "ada", "bob", "eve");
        }
        assertThat(cluster("failed", "groups", "--json").out().lines())
                .singleElement()
                .asString()
                .contains("\"failed\":3", "\"queue\":\"greetings\"", "\"type\":\"greet\"", "no eve here");
        assertThat(cluster("failed", "groups", "--error=nothing").out()).isEqualTo("0 failed tasks in 0 groups\n");
        assertThat(cluster("failed", "list", "--limit=1", "--skip=1").out())
                .contains("no bob here", "1 of 3 failed tasks; --skip 2 shows the next");
        assertThat(cluster("failed", "list", "--limit=5", "--skip=2").out())
                .contains("no ada here", "1 of 3 failed tasks\n");
        assertThat(cluster("tasks", "--queue=greetings", "--state=failed", "--limit=2")
                        .err())
                .contains("there are more");
        assertThat(cluster("queues", "--rates=50ms", "--json").out())
                .contains("\"failedEver\":3", "\"donePerSecond\":0.0");
    }

    @Test
    void veryManyFailedTasksAreWarnedOf() {
        String entry = "{\"payload\":{\"class\":\"greet\",\"args\":[]},\"queue\":\"greetings\",\"error\":\"late\"}";
        failed(100_001, entry);
        assertThat(cluster("failed", "list", "--limit=1").err())
                .isEqualTo(
                        "cluster failed: 100001 failed tasks fill the backend's memory: retry or drop them, nothing else"
                                + " removes them\n");
        assertThat(cluster("queues").err())
                .isEqualTo(
                        "cluster queues: 100001 failed tasks fill the backend's memory: see cluster failed groups, failed"
                                + " retry and failed drop\n");
    }

    @Test
    void tasksThatWaitAreShownPageByPage() {
        for (int i = 1; i <= 5; i++) {
            assertThat(cluster("enqueue", "--queue=mail", "--type=send", "--args=[" + i + "]")
                            .status())
                    .isZero();
        }
        assertThat(cluster("enqueue", "--queue=mail", "--type=late", "--in=1h").status())
                .isZero();
        Shell.Run first = cluster("tasks", "--queue=mail", "--state=waiting", "--limit=2", "--json");
        assertThat(first.out().lines()).hasSize(3).first().asString().contains("\"type\":\"send\",\"args\":[1]");
        String cursor = first.out().replaceAll("(?s).*\"next\":\"([^\"]+)\".*", "$1");
        assertThat(cluster("tasks", "--queue=mail", "--state=waiting", "--from=" + cursor)
                        .out())
                .contains("[3]", "[4]", "[5]")
                .doesNotContain("[2]");
        assertThat(cluster("tasks", "--queue=mail", "--state=waiting", "--from=bogus")
                        .err())
                .contains("bogus")
                .hasLineCount(1);
        assertThat(cluster("tasks", "--queue=mail", "--state=delayed").out()).contains("late", "due 20", "1 delayed");
    }

    @Test
    void aQueueIsSetPausedResumedAndItsTasksCancelled() {
        assertThat(cluster("queues", "--set", "mail", "kind=own,concurrency=5,rate=100/s,key-rate=5/10m")
                        .out())
                .isEqualTo("mail kind=own,paused=false,concurrency=5,rate=100/s,key-concurrency=none,"
                        + "key-rate=5/600s\n");
        assertThat(cluster("pause", "mail").out()).isEqualTo("paused mail\n");
        String id =
                cluster("enqueue", "--queue=mail", "--type=send").out().strip().split(" ")[1];
        assertThat(cluster("queues", "--json").out())
                .contains("\"queue\":\"mail\",\"waiting\":1")
                .contains("\"paused\":true");
        assertThat(cluster("resume", "mail", "--json").out()).contains("\"paused\":false");
        assertThat(cluster("tasks", "--queue=mail", "--state=waiting").out().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(id) && line.contains("send"))
                .anyMatch(line -> line.equals("1 waiting"));
        assertThat(cluster("cancel", id, "--queue=mail")).isEqualTo(new Shell.Run(0, "REMOVED " + id + "\n", ""));
        assertThat(cluster("cancel", id, "--queue=mail").status()).isEqualTo(1);
        assertThat(cluster("queues", "--set", "mail", "rate=none").out()).contains("rate=none");
        assertThat(cluster("queues", "--set", "mail").out()).contains("kind=own", "concurrency=5");
        assertThat(cluster("queues", "--give-back", "mail").out()).isEqualTo("gave back 0 of mail\n");
        for (String wrong : List.of("colour=red", "kind=mine", "rate=fast", "concurrency=x", "concurrency")) {
            Shell.Run run = cluster("queues", "--set", "mail", wrong);
            assertThat(run.status()).as(wrong).isEqualTo(2);
            assertThat(run.err()).as(wrong).startsWith("cluster queues: ").hasLineCount(1);
        }
        assertThat(cluster("queues", "kind=own").status()).isEqualTo(2);
    }

    @Test
    void aQueueIsGivenBackWhenTheLeasesOfKilledWorkersAreOverAndNotWhileOneIsAlive() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Cluster node = join()) {
            TaskQueue.on(node).enqueue(GREET, "left");
            TaskBroker broker = node.transport().tasks().orElseThrow();
            broker.turn(List.of(new TaskBroker.Turn(
                            "greetings",
                            new Call("killed.1", 1),
                            "killed",
                            Duration.ofSeconds(1),
                            3,
                            List.of(),
                            1,
                            false)))
                    .toCompletableFuture()
                    .join();
            assertThat(cluster("queues", "--give-back", "greetings").out()).isEqualTo("gave back 1 of greetings\n");
            assertThat(cluster("tasks", "--queue=greetings", "--state=waiting").out())
                    .contains("[\"left\"]", "1 waiting");

            Worker.on(node)
                    .queues("greetings")
                    .lease(Duration.ofSeconds(5))
                    .handlers(handlers -> handlers.handle(GREET, (name, task) -> {
                        started.countDown();
                        release.await();
                    }))
                    .start();
            assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(cluster("queues", "--give-back", "greetings"))
                    .isEqualTo(
                            new Shell.Run(
                                    1,
                                    "gave back 0 of greetings\n",
                                    "cluster queues: 1 worker that is alive holds 1 of greetings: give back again when all have stopped\n"));
            release.countDown();
        }
    }

    @Test
    void recurringTasksAreListedAndStopped() {
        assertThat(cluster("schedule", "list").out()).contains("No recurring task");
        try (Cluster node = join()) {
            TaskQueue.on(node).enqueue(GREET, "first");
            Schedules.on(node)
                    .declare("nightly", Recurrence.cron("30 2 * * *", ZoneId.of("Europe/Berlin")), GREET, "ada");
        }
        assertThat(cluster("schedule", "list").out()).contains("nightly", "30 2 * * * Europe/Berlin", "[\"ada\"]");
        assertThat(cluster("schedule", "list", "--queues=greetings", "--json").out())
                .contains("\"name\":\"nightly\"", "\"args\":[\"ada\"]", "\"misfire\":\"ONCE\"");
        assertThat(cluster("schedule", "run", "nightly", "--queue=greetings").out())
                .isEqualTo("added nightly\n");
        assertThat(cluster("schedule", "run", "daily", "--queue=greetings").status())
                .isEqualTo(1);
        assertThat(cluster("tasks", "--queue=greetings", "--state=waiting").out())
                .contains("[\"first\"]", "[\"ada\"]", "2 waiting");
        assertThat(cluster("schedule", "stop", "nightly", "--queue=greetings").out())
                .isEqualTo("stopped nightly\n");
        assertThat(cluster("schedule", "stop", "nightly", "--queue=greetings").status())
                .isEqualTo(1);
        assertThat(cluster("schedule").status()).isEqualTo(2);
    }

    @Test
    void workersAreListed() {
        assertThat(cluster("workers").out()).contains("No worker");
        try (Cluster node = join()) {
            Worker worker = Worker.on(node)
                    .queues("greetings")
                    .concurrency(3)
                    .handlers(handlers -> handlers.handle(GREET, (name, task) -> {}))
                    .start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            cluster("workers").out().contains(worker.stats().owner()));
            assertThat(cluster("workers", "--json").out())
                    .contains(
                            "\"queues\":[\"greetings\"]",
                            "\"concurrency\":3",
                            "\"pid\":" + node.self().pid());
        }
    }
}
