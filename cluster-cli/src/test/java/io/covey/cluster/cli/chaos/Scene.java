package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.TransportException;
import io.covey.cluster.cli.Evidence;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tck.FaultProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One case: a Redis behind a proxy, a producer, worker processes, and the ledger that they write. */
final class Scene implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(5);
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int MAX_DELIVERIES = 10;

    final RedisServer redis;
    final FaultProxy proxy;
    final Ledger ledger;
    final Feeder feeder;
    final TaskQueue queue;
    final Random random;
    final List<Strike> strikes = new CopyOnWriteArrayList<>();

    private final String name;
    private final String driver;
    private final Place place;
    private final Evidence evidence;
    private final Cluster producer;
    private final List<ChaosProcess> workers = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> incarnations = new ConcurrentHashMap<>();
    private final long begun = System.nanoTime();
    private @Nullable Thread feeding;
    private int limit = MAX_DELIVERIES;

    private interface Starter {
        ChaosProcess start(String name, Path folder, Map<String, String> environment, List<String> options);
    }

    /** Where the tasks are. */
    private record Place(String uri, Holdings holdings, Runnable close) {}

    /** Skips the test if the command asked for others. */
    Scene(String name, String driver) throws Exception {
        this(name, driver, null);
    }

    /** On a Redis Cluster of three masters, which nothing stands before: for what happens to workers. */
    static Scene onCluster(String name, String driver) throws Exception {
        return new Scene(name, driver, () -> {
            RedisCluster cluster = RedisCluster.start();
            return new Place(cluster.uri(), Holdings.on(cluster), cluster::close);
        });
    }

    /** On a master with a replica, found by three Sentinels, which nothing stands before: for what happens to workers. */
    static Scene behindSentinel(String name, String driver) throws Exception {
        return new Scene(name, driver, () -> {
            RedisSentinels sentinels = RedisSentinels.start();
            return new Place(sentinels.uri(), Holdings.on(sentinels::master), sentinels::close);
        });
    }

    private Scene(String name, String driver, @Nullable Supplier<Place> elsewhere) throws Exception {
        Asked.forCase(name, driver);
        this.name = name;
        this.driver = driver;
        random = Asked.random(name);
        evidence = new Evidence("covey-chaos-");
        ledger = new Ledger(folder());
        redis = RedisServer.builder()
                .appendOnly(true)
                .directory(folder().resolve("redis"))
                .start();
        proxy = new FaultProxy(redis.port());
        place = elsewhere == null
                ? new Place("redis://127.0.0.1:" + proxy.port(), Holdings.on(() -> redis), () -> {})
                : elsewhere.get();
        producer = Cluster.join(ClusterConfig.builder(uri()).name("producer").build());
        queue = TaskQueue.on(producer);
        feeder = new Feeder(queue);
    }

    String uri() {
        return place.uri().replaceFirst("://", "+" + driver + "://");
    }

    Path folder() {
        return evidence.folder();
    }

    /** Starts a worker process; more than one may have the same name. */
    ChaosProcess start(String worker, int concurrency, String... more) {
        return start(worker, concurrency, ChaosProcess::worker, more);
    }

    /** Starts a worker process that has the process id of all others that are started so. */
    ChaosProcess startContained(String worker, int concurrency) {
        return start(worker, concurrency, ChaosProcess::containedWorker);
    }

    private ChaosProcess start(String worker, int concurrency, Starter starter, String... more) {
        String process = worker + "-" + incarnations.merge(worker, 1, Integer::sum);
        List<String> options = new ArrayList<>(List.of(
                "--uri=" + uri(),
                "--name=" + worker,
                "--queues=" + Work.QUEUE,
                "--lease=" + LEASE.toSeconds() + "s",
                "--concurrency=" + concurrency));
        options.addAll(List.of(more));
        ChaosProcess started = starter.start(process, folder(), environment(process), options);
        workers.add(started);
        return started;
    }

    /** After so many deliveries a task fails; said before any worker starts. */
    void limit(int deliveries) {
        limit = deliveries;
    }

    Map<String, String> environment(String process) {
        return Map.of(
                LedgerHandlers.FILE, ledger.file(process).toString(), "COVEY_MAX_DELIVERIES", Integer.toString(limit));
    }

    void add(ChaosProcess worker) {
        workers.add(worker);
    }

    /** Starts workers and waits until all are ready. */
    List<ChaosProcess> fleet(int count, int concurrency) throws Exception {
        List<ChaosProcess> fleet = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fleet.add(start("worker-" + i, concurrency));
        }
        for (ChaosProcess worker : fleet) {
            worker.awaitReady();
        }
        return fleet;
    }

    /** Keeps tasks coming until {@link #finish()}, and waits until the fleet has its hands full. */
    void feed(int atOnce, long shortest, long longest) {
        feeding = feeder.keep(atOnce, ledger, random, shortest, longest);
        await().atMost(PATIENCE).until(() -> ledger.started() >= atOnce);
    }

    /** SIGKILL of a worker process. */
    void kill(ChaosProcess victim) throws InterruptedException {
        long from = System.currentTimeMillis();
        victim.kill();
        struck(victim, from);
    }

    /** SIGSTOP of a worker process. */
    void pause(ChaosProcess victim) throws IOException, InterruptedException {
        long from = System.currentTimeMillis();
        victim.pause();
        struck(victim, from);
    }

    /** A worker process has killed itself. */
    void died(ChaosProcess victim) throws InterruptedException {
        victim.awaitDeath();
        struck(victim, System.currentTimeMillis());
    }

    private void struck(ChaosProcess victim, long from) {
        long to = System.currentTimeMillis();
        strikes.add(new Strike(victim.name(), from, to, place.holdings().of(victim.name(), ledger)));
    }

    /** Kills one of a fleet as often as asked for, at random and with its hands full; another takes its place each time. */
    void killSome(List<ChaosProcess> fleet, int kills, int concurrency) throws Exception {
        for (int i = 0; i < kills; i++) {
            int victim = random.nextInt(fleet.size());
            pass(500 + random.nextInt(1500));
            String process = fleet.get(victim).name();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> ledger.inHand(process) == concurrency);
            kill(fleet.get(victim));
            fleet.set(victim, start("substitute", concurrency).awaitReady());
        }
    }

    /** Lets a moment go by, which is what a fault lasts. */
    void pass(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    void stopFeeding() throws InterruptedException {
        if (feeding != null) {
            feeding.interrupt();
            feeding.join();
        }
    }

    /** Waits until all is done and nothing is left to run, and judges. */
    Verdict finish() throws Exception {
        return finish(true);
    }

    /** Likewise; {@code timed} if second runs are to begin in time. */
    Verdict finish(boolean timed) throws Exception {
        stopFeeding();
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> ledger.done() >= feeder.accepted.size() && doneAreAccepted());
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(TransportException.class)
                    .until(this::empty);
        } finally {
            System.out.println("chaos " + name + ", " + driver + ", seed " + Asked.SEED + ": " + verdict() + ", "
                    + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        }
        Map<Integer, List<Ledger.Run>> runs = ledger.runs();
        assertThat(feeder.refused).as("tasks that were refused").noneMatch(runs::containsKey);
        Verdict verdict = verdict();
        verdict.check(name, timed);
        return verdict;
    }

    /** The case has shown what it is for. */
    void proved() {
        evidence.proved();
    }

    private Verdict verdict() {
        return Verdict.of(new TreeSet<>(feeder.accepted), ledger.runs(), strikes, limit);
    }

    private boolean doneAreAccepted() {
        Map<Integer, List<Ledger.Run>> runs = ledger.runs();
        return feeder.accepted.stream()
                .allMatch(task -> runs.getOrDefault(task, List.of()).stream()
                        .anyMatch(run -> run.done().isPresent()));
    }

    private boolean empty() {
        return queue.inspect()
                .queue(Work.QUEUE)
                .map(info -> info.waiting() + info.active() + info.retry() == 0)
                .orElse(true);
    }

    @Override
    public void close() throws IOException {
        if (feeding != null) {
            feeding.interrupt();
        }
        proxy.pass();
        workers.forEach(ChaosProcess::end);
        producer.close();
        proxy.close();
        redis.close();
        place.close().run();
        evidence.close("chaos " + name + ", " + driver);
    }
}
