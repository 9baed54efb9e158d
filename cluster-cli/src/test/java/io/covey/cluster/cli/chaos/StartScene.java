package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.cli.Evidence;
import io.covey.cluster.cli.StartedCommand;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.WorkerStats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Worker processes under {@code cluster start}, with tasks and calls that come at a rate; judged by the ledger. */
final class StartScene implements AutoCloseable {
    private static final String TOKEN = "5f0c2c1a9c7b4be6b7f1";
    private static final String CHILDREN = "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";
    private static final int TASKS_A_SECOND = 500;
    private static final int CALLS_A_SECOND = 200;
    private static final int PORTIONS_A_SECOND = 20;
    private static final long LONG_MILLIS = 7000;
    private static final int DELIVERIES = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Procedure<byte[], WorkerStats> CALLED =
            Procedure.of("worker.stats", byte[].class, WorkerStats.class).within(TIMEOUT);

    final RedisServer redis = RedisServer.start();
    final Ledger ledger;
    final Holdings holdings = Holdings.on(() -> redis);
    final Cluster cluster;
    final TaskQueue queue;
    final Feeder feeder;
    final List<Strike> strikes = new CopyOnWriteArrayList<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final AtomicInteger answered = new AtomicInteger();

    private final AtomicInteger open = new AtomicInteger();
    private final Rpc rpc;
    private final Random random = new Random();
    private final List<StartedCommand> started = new ArrayList<>();
    private final ScheduledExecutorService load = Executors.newScheduledThreadPool(2);
    private final Evidence evidence = new Evidence("covey-start-");

    StartScene() throws IOException {
        ledger = new Ledger(evidence.folder());
        cluster = Cluster.join(ClusterConfig.builder(redis.uri().replace("redis://", "redis+lettuce://"))
                .name("producer")
                .token(Secret.of(TOKEN))
                .build());
        queue = TaskQueue.on(cluster);
        feeder = new Feeder(queue);
        rpc = Rpc.on(cluster);
    }

    /** Starts a supervisor of workers, and waits until all are ready. */
    StartedCommand start(String name, int workers, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--workers=" + workers,
                "--name=" + name,
                "--uri=" + redis.uri(),
                "--queues=" + Work.QUEUE,
                "--lease=" + Scene.LEASE.toSeconds() + "s",
                "--concurrency=16",
                "--classpath=" + ChaosProcess.testClasses(),
                "--java-options=" + CHILDREN));
        for (String option : more) {
            String instead = option.substring(0, option.indexOf('=') + 1);
            options.removeIf(each -> each.startsWith(instead));
            options.add(option);
        }
        Map<String, String> environment = Map.of(
                LedgerHandlers.FILE,
                ledger.file(LedgerHandlers.NAME).toString(),
                ClusterConfig.TOKEN_VARIABLE,
                TOKEN,
                "COVEY_HANDLERS",
                LedgerHandlers.class.getName(),
                "COVEY_MAX_DELIVERIES",
                Integer.toString(DELIVERIES));
        StartedCommand command = StartedCommand.of(
                evidence.folder().resolve(name + ".log"), environment, options.toArray(String[]::new));
        started.add(command);
        command.until("ready", 1);
        return command;
    }

    /** 500 tasks and 200 calls a second from now on; ten tasks at a time take longer than anything else. */
    void load() {
        long period = TimeUnit.SECONDS.toMicros(1) / PORTIONS_A_SECOND;
        load.scheduleAtFixedRate(
                () -> feeder.add(
                        Work.PATIENT,
                        random.longs(TASKS_A_SECOND / PORTIONS_A_SECOND, 5, 60)
                                .boxed()
                                .toList()),
                0,
                period,
                TimeUnit.MICROSECONDS);
        load.scheduleAtFixedRate(
                () -> feeder.add(Work.PATIENT, List.of(LONG_MILLIS)), 0, LONG_MILLIS / 10, TimeUnit.MILLISECONDS);
        load.scheduleAtFixedRate(this::call, 0, period, TimeUnit.MICROSECONDS);
    }

    private void call() {
        for (int i = 0; i < CALLS_A_SECOND / PORTIONS_A_SECOND; i++) {
            open.incrementAndGet();
            rpc.call(Target.any(), CALLED, new byte[0]).whenComplete((reply, thrown) -> {
                if (thrown == null) {
                    answered.incrementAndGet();
                } else {
                    failures.add(
                            thrown instanceof java.util.concurrent.CompletionException ? thrown.getCause() : thrown);
                }
                open.decrementAndGet();
            });
        }
    }

    /** Kills one of the processes. */
    void killOneOf(StartedCommand command) {
        List<StartedCommand.Child> children = command.children();
        if (children.isEmpty()) {
            return;
        }
        StartedCommand.Child victim = children.get(random.nextInt(children.size()));
        victim.process().ifPresent(process -> {
            long from = System.currentTimeMillis();
            process.destroyForcibly();
            process.onExit().join();
            struck(victim.name(), from, System.currentTimeMillis());
        });
    }

    /** Something was done to a process, which still has what it had in hand. */
    void struck(String process, long from, long to) {
        strikes.add(new Strike(process, from, to, holdings.of(process, ledger)));
    }

    /** Lets a moment go by. */
    void pass(long most) throws InterruptedException {
        Thread.sleep(random.nextLong(most));
    }

    /** Ends the load, waits until all is done, and judges. */
    Verdict finish(String name) throws Exception {
        load.shutdown();
        assertThat(load.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        await().atMost(StartedCommand.PATIENCE).until(() -> open.get() == 0);
        await().atMost(StartedCommand.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> verdict().lost().isEmpty());
        await().atMost(StartedCommand.PATIENCE)
                .until(() -> queue.inspect()
                        .queue(Work.QUEUE)
                        .map(info -> info.waiting() + info.active() + info.retry() == 0)
                        .orElse(true));
        Verdict verdict = verdict();
        System.out.println("start " + name + ": " + verdict + "; " + answered + " calls answered, failed: "
                + failures.stream().map(StartScene::reason).toList());
        assertThat(feeder.refused).isEmpty();
        assertThat(feeder.unconfirmed).isEmpty();
        verdict.check(name, false);
        return verdict;
    }

    /** It has shown what it is for. */
    void proved() {
        evidence.proved();
    }

    /** Why a call failed. */
    static String reason(Throwable thrown) {
        return thrown instanceof RpcException known ? known.reason().toString() : thrown.toString();
    }

    Verdict verdict() {
        return Verdict.of(new TreeSet<>(feeder.accepted), ledger.runs(), strikes, DELIVERIES);
    }

    @Override
    public void close() throws IOException {
        load.shutdownNow();
        started.forEach(StartedCommand::close);
        cluster.close();
        redis.close();
        evidence.close("start");
    }
}
