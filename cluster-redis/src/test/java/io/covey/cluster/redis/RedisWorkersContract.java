package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerEvent;
import io.covey.cluster.tasks.WorkersContract;
import io.covey.cluster.tck.FaultProxy;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of tasks from producer to worker on one server, for each driver. */
public abstract class RedisWorkersContract extends WorkersContract {
    private static final TaskType<String> PUSHED = TaskType.raw("pushed");

    private static RedisServer server;

    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final Deque<Cluster> nodes = new ArrayDeque<>();
    private @Nullable FaultProxy line;

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

    @Override
    protected Cluster join(UnaryOperator<Transport> around) {
        return join(server.uri(), drivers(), around);
    }

    @Override
    protected Cluster joinOverLine() {
        line = new FaultProxy(server.port());
        return join(Address.through(line, server), drivers(), UnaryOperator.identity());
    }

    @Override
    protected void cut(boolean now) {
        if (now) {
            line.refuse();
            line.reset();
        } else {
            line.accept();
        }
    }

    private Cluster join() {
        return join(UnaryOperator.identity());
    }

    private Cluster join(String uri, RedisDriverFactory drivers, UnaryOperator<Transport> around) {
        TransportConfig config = config(uri, name);
        Cluster node = Cluster.join(ClusterConfig.builder(config.uri())
                .transport(config)
                .transport(around.apply(RedisTransport.open(config, drivers)))
                .build());
        nodes.push(node);
        return node;
    }

    private static TransportConfig config(String uri, String name) {
        return TransportConfig.of(uri).withNamespace("covey-" + name).withTaskNamespace("resque-" + name);
    }

    @AfterEach
    void closeNodes() {
        while (!nodes.isEmpty()) {
            nodes.pop().close(Duration.ZERO);
        }
        if (line != null) {
            line.close();
        }
    }

    @Test
    void delayedTasksThatNoQueueCanTakeAreToldAndCounted() {
        Queue<TaskEvent> told = new ConcurrentLinkedQueue<>();
        Cluster node = join();
        Worker.on(node)
                .queues("mail")
                .handlers(handlers -> handlers.handle(Declaring.TICK, (number, task) -> {}))
                .listener(event -> {
                    if (event instanceof WorkerEvent.Upkeep upkeep) {
                        told.add(upkeep.event());
                    }
                })
                .start();
        String resque = "resque-" + name + ":";
        for (String job : List.of("x", "x", "{\"class\":\"a\",\"queue\":\"no queue\",\"args\":[]}")) {
            server.command("RPUSH", resque + "delayed:5", job);
        }
        server.command("ZADD", resque + "delayed_queue_schedule", "5", "5");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> told.size() >= 3);
        assertThat(told)
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.kind()).isEqualTo(TaskEvent.Kind.PARKED))
                .extracting(TaskEvent::reason)
                .allSatisfy(reason ->
                        assertThat(reason).startsWith("UndeliverableTask: Cannot be moved to a queue when due: "));
        assertThat(told).extracting(TaskEvent::queue).containsExactly("", "", "no queue");
        assertThat(TaskQueue.on(node).inspect().failed(0, 10)).hasSize(3);
        assertThat(server.command("GET", resque + "stat:failed")).isEqualTo("3");
    }

    @Test
    void oneLinkWatchesFiftyQueuesLikeOneAndWhateverIsPushedThereStartsAtOnce() {
        assumeTrue(server.hasProcess(), "others may connect to a server that was given");
        Cluster one = join();
        Cluster many = join();
        Queue<String> started = new ConcurrentLinkedQueue<>();
        long none = connections();
        work(one, queues(0, 1), started);
        pushEach(queues(0, 1), started);
        long ofOne = connections() - none;
        assertThat(ofOne).isPositive();
        work(many, queues(1, 51), started);
        long begun = System.nanoTime();
        pushEach(queues(1, 51), started);
        // Who is not woken up looks once a second, which makes fifty of them.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(35));
        assertThat(connections() - none - ofOne).as("connections for 50 queues").isEqualTo(ofOne);
    }

    private static List<String> queues(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "q" + number).toList();
    }

    private static void work(Cluster node, List<String> queues, Queue<String> started) {
        Worker.on(node)
                .queues(queues.toArray(String[]::new))
                .handlers(handlers -> handlers.handle(PUSHED, (args, task) -> started.add(task.queue())))
                .start();
    }

    /** One after the other, as another fleet would, each when the one before has started. */
    private void pushEach(List<String> queues, Queue<String> started) {
        for (String queue : queues) {
            server.command("RPUSH", "resque-" + name + ":queue:" + queue, "{\"class\":\"pushed\",\"args\":[]}");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> started.contains(queue));
        }
    }

    private static long connections() {
        return server.command("CLIENT", "LIST").lines().count();
    }

    @Test
    @Tag("long")
    void aRecurringTaskGoesOnWhenTheProcessThatDeclaredItIsKilledInsideARun() throws Exception {
        Cluster node = join();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Declaring.class.getName(),
                        server.uri(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String inside;
        try (BufferedReader out = process.inputReader()) {
            inside = CompletableFuture.supplyAsync(() -> out.lines().findFirst().orElse("ended"))
                    .get(60, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly().waitFor();
        }
        Queue<TaskContext> runs = new ConcurrentLinkedQueue<>();
        Worker.on(node)
                .queues(Declaring.TICK.queue())
                .lease(Declaring.LEASE)
                .handlers(handlers -> handlers.handle(Declaring.TICK, (number, task) -> runs.add(task)))
                .start();
        eventually()
                .until(() -> runs.stream().anyMatch(run -> run.id().equals(inside) && run.deliveries() == 2)
                        && runs.stream().filter(run -> run.deliveries() == 1).count() >= 3);
        assertThat(Schedules.on(node).list()).hasSize(1);
    }

    @Test
    @Tag("long")
    void aWorkerWhoseConnectionLooksAliveAndAnswersNothingReportsItAndGetsAnother() {
        List<DeafDriver> deaf = new ArrayList<>();
        RedisDriverFactory drivers = (uri, connect, command, state) -> {
            DeafDriver driver = new DeafDriver(drivers().open(uri, connect, command, state));
            deaf.add(driver);
            return driver;
        };
        Cluster node = join(server.uri(), drivers, UnaryOperator.identity());
        goesOn(node, deaf.get(0)::goDeaf, () -> {}, "neither an answer nor an error");
    }

    @Test
    @Tag("long")
    void aConnectionThatSwallowsEverythingIsReplacedByItsTimeLimit() {
        Cluster node = joinOverLine();
        goesOn(node, line::blackhole, line::pass, "does not answer");
    }

    /** It works, then its connections break in a way that it reports, then it works over others. */
    private void goesOn(Cluster node, Runnable broken, Runnable mended, String report) {
        TaskType<Integer> count = TaskType.of("count", Integer.class).on("counted");
        TaskQueue producer = TaskQueue.on(join());
        Worker worker = Worker.on(node)
                .queues(count.queue())
                .lease(Duration.ofSeconds(1))
                .handlers(handlers -> handlers.handle(count, (number, task) -> {}))
                .start();
        producer.enqueue(count, 1);
        eventually().until(() -> worker.stats().processed() == 1);
        Set<String> first = clients();
        broken.run();
        producer.enqueue(count, 2);
        eventually().until(() -> worker.health().reasons().stream().anyMatch(reason -> reason.contains(report)));
        mended.run();
        eventually()
                .until(() -> worker.stats().processed() == 2 && worker.health().up());
        assertThat(clients()).isNotEmpty().matches(now -> !now.containsAll(first), "lacks a connection of before");
    }

    /** The ids of all connections but those that ask for them. */
    private static Set<String> clients() {
        return server.command("CLIENT", "LIST")
                .lines()
                .filter(client -> !client.contains("cmd=client"))
                .map(client -> client.split(" ")[0])
                .collect(Collectors.toSet());
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** A program that declares a recurring task and works on it, by the driver that it finds, until it is killed. */
    static final class Declaring {
        static final TaskType<Integer> TICK = TaskType.of("tick", Integer.class).on("ticks");
        static final Duration LEASE = Duration.ofSeconds(2);

        private Declaring() {}

        /** URI and name. Says which task it is inside of. It ends, if nobody kills it, with its standard input. */
        public static void main(String[] args) throws Exception {
            try (Cluster cluster = Cluster.join(ClusterConfig.builder(args[0])
                            .transport(config(args[0], args[1]))
                            .build());
                    InputStream parent = System.in) {
                Schedules.on(cluster).declare("tick", Recurrence.every(Duration.ofSeconds(1)), TICK, 1);
                Worker.on(cluster)
                        .queues(TICK.queue())
                        .lease(LEASE)
                        .handlers(handlers -> handlers.handle(TICK, (number, task) -> {
                            System.out.println(task.id());
                            new CountDownLatch(1).await();
                        }))
                        .start();
                parent.transferTo(OutputStream.nullOutputStream());
            }
        }
    }
}
