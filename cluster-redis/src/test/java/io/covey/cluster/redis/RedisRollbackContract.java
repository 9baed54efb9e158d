package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerEvent.DataEpochChanged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks on a server that loses the last of what it acknowledged, as one does that takes the place of a dead master: it is set
 * back to what it held at an earlier moment.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisRollbackContract {
    private static final String NOTE = "for _, key in ipairs(redis.call('KEYS', '*')) do "
            + "redis.call('COPY', key, 'noted/' .. key, 'REPLACE') end return 1";
    private static final String SET_BACK = "local keys = redis.call('KEYS', '*') "
            + "for _, key in ipairs(keys) do if key:sub(1, 6) ~= 'noted/' then redis.call('DEL', key) end end "
            + "for _, key in ipairs(keys) do "
            + "if key:sub(1, 6) == 'noted/' then redis.call('RENAME', key, key:sub(7)) end end return 1";
    private static final int TASKS = 60;

    private static RedisServer server;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsThatAFailoverUndoesAreAcceptedAgainAndNothingRunsTwice(boolean cut) {
        String namespace = "rollback-" + cut;
        TaskType<Integer> shared = TaskType.of("count", Integer.class).on("mail");
        TaskType<Integer> own = TaskType.of("count", Integer.class).on("bills");
        CountDownLatch started = new CountDownLatch(2 * TASKS);
        CountDownLatch release = new CountDownLatch(1);
        Map<String, Integer> runs = new ConcurrentHashMap<>();
        try (Cluster node = join(namespace)) {
            TaskQueue tasks = TaskQueue.on(node);
            tasks.queue("bills").change(settings -> settings.withKind(Kind.OWN));
            Worker worker = Worker.on(node)
                    .queues("mail", "bills")
                    .concurrency(2 * TASKS)
                    .handlers(handlers -> handlers.handle(shared, (number, task) -> {
                        runs.merge(task.queue() + number, 1, Integer::sum);
                        started.countDown();
                        release.await();
                        task.result("of " + number);
                    }))
                    .start();
            List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
            tasks.enqueueAll(shared, numbers);
            List<Enqueued> receipts = new ArrayList<>(tasks.enqueueAll(own, numbers));
            eventually().until(() -> started.getCount() == 0);
            server.command("EVAL", NOTE, "0");
            release.countDown();
            eventually().until(() -> worker.stats().processed() == 2 * TASKS);
            server.command("EVAL", SET_BACK, "0");
            if (cut) {
                server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            }
            // nobody's lease has ended by then: it is 30 s
            eventually()
                    .ignoreExceptions()
                    .until(() ->
                            tasks.inspect().queues().stream().allMatch(info -> info.active() + info.waiting() == 0));
            assertThat(runs)
                    .hasSize(2 * TASKS)
                    .allSatisfy((task, count) -> assertThat(count).isEqualTo(1));
            assertThat(tasks.results().get(receipts.get(7), String.class)).contains("of 7");
            assertThat(worker.stats().processed()).isEqualTo(2 * TASKS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatIsSuddenlyEmptyIsToldAtOnceAndTheWorkerGoesOn(boolean restarted) {
        TaskType<Integer> count = TaskType.of("count", Integer.class).on("mail");
        Queue<DataEpochChanged> alarms = new ConcurrentLinkedQueue<>();
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        try (Cluster node = join("emptied-" + restarted)) {
            Worker worker = Worker.on(node)
                    .queues("mail")
                    .lease(Duration.ofSeconds(2))
                    .handlers(handlers -> handlers.handle(count, (number, task) -> seen.add(number)))
                    .listener(event -> {
                        if (event instanceof DataEpochChanged alarm) {
                            alarms.add(alarm);
                        }
                    })
                    .start();
            TaskQueue tasks = TaskQueue.on(node);
            tasks.enqueue(count, 1);
            eventually().until(() -> worker.stats().processed() == 1);
            assertThat(alarms).isEmpty();
            if (restarted) {
                server.restartEmpty();
            } else {
                server.command("FLUSHALL");
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> !alarms.isEmpty());
            eventually().ignoreExceptions().until(() -> tasks.enqueue(count, 2) != null);
            eventually().until(() -> seen.contains(2) && worker.stats().processed() >= 2);
            assertThat(alarms).singleElement().satisfies(alarm -> {
                assertThat(alarm.queue()).isEqualTo("mail");
                assertThat(alarm.is()).isNotEmpty().isNotEqualTo(alarm.was());
            });
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(25)).pollInterval(Duration.ofMillis(20));
    }

    private Cluster join(String namespace) {
        TransportConfig config = TransportConfig.of(server.uri())
                .withNamespace("covey-" + namespace)
                .withTaskNamespace("resque-" + namespace);
        return Cluster.join(ClusterConfig.builder(config.uri())
                .transport(config)
                .transport(RedisTransport.open(config, drivers()))
                .build());
    }
}
