package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator finds at three in the morning: a Redis that has no memory left and evicts nothing. */
class FullRedisTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("mail").retry(RetryPolicy.never());

    private static final List<String> LOOKS = List.of(
            "queues",
            "tasks --queue=mail --state=waiting",
            "failed list",
            "failed groups",
            "nodes",
            "workers",
            "stats app",
            "keys",
            "top --count=1 --every=200ms",
            "locks list",
            "schedule list",
            "rooms",
            "cache size profiles");

    private static final List<String> CHANGES = List.of(
            "resume mail",
            "queues --set mail concurrency=5",
            "queues --give-back=mail",
            "cache clear profiles --all",
            "schedule stop hourly --queue=mail");

    private static final List<String> FEW = List.of("queues", "nodes");

    private final List<String> refused = new ArrayList<>();

    private static Cluster join(RedisServer server, String driver) {
        return Cluster.join(ClusterConfig.builder(server.uri().replace("redis://", "redis+" + driver + "://"))
                .name("ada")
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aFullRedisCanBeLookedAtAndMakesRoom(String driver) throws InterruptedException {
        try (RedisServer server = RedisServer.builder()
                        .setting("maxmemory-policy", "noeviction")
                        .start();
                Cluster node = join(server, "jedis")) {
            fill(node);
            node.lock("door").tryLock(Duration.ZERO);
            server.command("CONFIG", "SET", "maxmemory", "1");
            assertThatThrownBy(() -> server.command("SET", "more", "x")).hasMessageContaining("OOM");

            (driver.equals("lettuce") ? LOOKS : FEW).forEach(look -> done(server, driver, look));
            assertThat(refused).isEmpty();
            assertThat(run(server, driver, "doctor").err()).isEmpty();
            String id = run(server, driver, "failed list --limit=1").out().split(" ")[0];
            done(server, driver, "failed show " + id);
            Shell.Run again = run(server, driver, "failed retry " + id);
            assertThat(again.status()).as(again.out()).isEqualTo(1);
            assertThat(again.err()).contains("OOM").doesNotContain("\tat ");

            (driver.equals("lettuce") ? CHANGES : FEW).forEach(change -> done(server, driver, change));
            done(server, driver, "failed drop --all --queue=mail");
            assertThat(refused).isEmpty();
            assertThat(run(server, driver, "failed list").out()).contains("0 of 0");
            drain(server, driver);
        }
    }

    private static void fill(Cluster node) {
        node.cache("profiles", String.class).put("ada", "x");
        node.stats("app").add("visits", 1);
        node.stats("app").flush();
        Schedules.on(node).declare("hourly", Recurrence.every(Duration.ofHours(1)), COUNT, 1);
        TaskQueue tasks = TaskQueue.on(node);
        tasks.enqueueAll(COUNT, List.of(1, 2, 3, 4));
        try (Worker worker = Worker.on(node)
                .queues("mail")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    throw new IllegalStateException("broken");
                }))
                .start()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> tasks.failed().count() == 4);
            assertThat(worker.stats().failed()).isEqualTo(4);
        }
        tasks.enqueueAll(COUNT, List.of(5, 6));
    }

    /** A worker that was not there before joins and does what waits. */
    private static void drain(RedisServer server, String driver) {
        AtomicInteger done = new AtomicInteger();
        try (Cluster fresh = join(server, driver);
                Worker worker = Worker.on(fresh)
                        .queues("mail")
                        .handlers(handlers -> handlers.handle(COUNT, (number, task) -> done.incrementAndGet()))
                        .start()) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> done.get() == 2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> worker.stats().processed() == 2);
        }
    }

    private void done(RedisServer server, String driver, String line) {
        Shell.Run run = run(server, driver, line);
        if (run.status() != 0 || !run.err().isEmpty()) {
            refused.add(line + ": " + run.status() + " " + run.err());
        }
    }

    private static Shell.Run run(RedisServer server, String driver, String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of("--uri=" + server.uri(), "--driver=" + driver));
        return Shell.run(words.toArray(String[]::new));
    }
}
