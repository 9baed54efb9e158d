package io.covey.cluster.examples.acceptance;

import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Gap;
import io.covey.cluster.Health;
import io.covey.cluster.Lock;
import io.covey.cluster.Topic;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Two nodes in full use: ada asks, publishes, enqueues and holds a lock; bob answers, subscribes and works. */
final class Scene implements AutoCloseable {
    static final int TASKS = 500;
    static final int CONCURRENCY = 8;
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(Backend.ANSWER);
    static final TaskType<Integer> MARK =
            TaskType.of("mark", Integer.class).on("marks").retry(RetryPolicy.never());
    static final TaskType<String> PROBE = TaskType.of("probe", String.class).on("probes");

    final Backend backend;
    final Cluster ada;
    final Cluster bob;
    final Cache<String> cache;
    final Cache<Integer> ledger;
    final Topic<String> news;
    final Rpc calls;
    final TaskQueue tasks;
    final Worker worker;
    final Lock lock;
    final Lock.Held held;
    final Collection<String> lost = new ConcurrentLinkedQueue<>();
    final Map<String, Collection<Health.State>> health = new ConcurrentHashMap<>();
    final Collection<String> changes = new ConcurrentLinkedQueue<>();
    final Collection<String> heard = new ConcurrentLinkedQueue<>();
    final Collection<Gap> gaps = new ConcurrentLinkedQueue<>();
    final Collection<WorkerEvent> events = new ConcurrentLinkedQueue<>();
    final Collection<String> probes = new ConcurrentLinkedQueue<>();
    final Map<Integer, Integer> runs = new ConcurrentHashMap<>();
    final Semaphore permits = new Semaphore(0);

    Scene(String scheme, Duration beat) throws Exception {
        backend = new Backend(scheme, Backend.ANSWER);
        ada = backend.join(backend.config("ada").beat(beat));
        bob = backend.join(backend.config("bob").beat(beat));
        cache = ada.cache("things", String.class);
        ledger = bob.cache("ledger", Integer.class);
        news = ada.topic("/news", String.class);
        calls = Rpc.on(ada);
        tasks = TaskQueue.on(ada);
        watch(ada);
        watch(bob);
        bob.topic("/news", String.class).subscribe(new Listener());
        Rpc.on(bob).serve(GREET, (name, call) -> "hello " + name);
        bob.owners().hold("connection", "c1", Map.of());
        lock = ada.lock("only-one");
        held = lock.tryLock(Duration.ZERO, lost::add).orElseThrow();
        worker = Worker.on(bob)
                .queues("probes", "marks")
                .concurrency(CONCURRENCY)
                .handlers(handlers -> handlers.handle(MARK, (number, task) -> mark(number)))
                .handlers(handlers -> handlers.handle(PROBE, (text, task) -> probes.add(text)))
                .listener(events::add)
                .start();
        await().atMost(PATIENCE).until(() -> ada.members().list().size() == 2);
        await().atMost(PATIENCE).until(() -> bob.members().list().size() == 2);
    }

    private void watch(Cluster node) {
        String name = node.self().name();
        Collection<Health.State> states = new ConcurrentLinkedQueue<>();
        health.put(name, states);
        node.health().onChange(states::add);
        node.members().onChange((change, who) -> changes.add(name + " saw " + who.name() + " " + change));
    }

    /** What a task does: is counted, goes into the ledger however long that takes unless it is stopped, and ends when it may. */
    private void mark(int number) throws InterruptedException {
        runs.merge(number, 1, Integer::sum);
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .atMost(1, TimeUnit.MINUTES)
                .ignoreExceptionsInstanceOf(ClusterException.class)
                .until(() -> {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("The lease of " + number + " is lost");
                    }
                    ledger.put("t" + number, runs.get(number));
                    return true;
                });
        permits.acquire();
    }

    void enqueue(int from, int to) {
        tasks.enqueueAll(MARK, IntStream.range(from, to).boxed().toList());
    }

    void awaitDone(int count) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> worker.stats().processedByQueue().get("marks") >= count);
    }

    void awaitHealth(boolean up) {
        await().atMost(PATIENCE)
                .until(() -> List.of(ada, bob).stream()
                        .allMatch(node -> node.health().state().up() == up));
    }

    /** Every call there is fails. */
    Refusals refuse() {
        Refusals refusals = new Refusals();
        refusals.expect("get", Backend.ANSWER, () -> cache.get("k"));
        refusals.expect("put", Backend.ANSWER, () -> cache.put("k", "v"));
        refusals.expect("publish", Backend.ANSWER, () -> news.publish("into the void"));
        refusals.expect("enqueue", Backend.ANSWER.multipliedBy(2), () -> tasks.enqueue(PROBE, "while it is away"));
        refusals.expect(
                "rpc",
                GREET.timeout(),
                () -> calls.call(Target.node(bob.self().id()), GREET, "?").get());
        refusals.expect("owner", Backend.ANSWER, () -> ada.owners().find("connection", "c1"));
        refusals.expect("lock", Backend.ANSWER, () -> ada.lock("another").tryLock(Duration.ZERO));
        return refusals;
    }

    /** Asks for everything at once, from now until it works, and tells after how many milliseconds each did. */
    Map<String, Long> recovery() {
        long start = System.nanoTime();
        Map<String, Callable<Boolean>> parts = Map.of(
                "cache",
                        () -> {
                            cache.put("again", "there");
                            return cache.get("again").isPresent();
                        },
                "topic",
                        () -> {
                            news.publish("again");
                            return heard.contains("again");
                        },
                "rpc",
                        () -> calls.call(Target.node(bob.self().id()), GREET, "ada")
                                .get()
                                .value()
                                .equals("hello ada"),
                "owner",
                        () -> calls.call(Target.owner("connection", "c1"), GREET, "ada")
                                .get()
                                .from()
                                .id()
                                .equals(bob.self().id()),
                "enqueue",
                        () -> {
                            tasks.enqueue(PROBE, "again");
                            return true;
                        },
                "worker", () -> probes.contains("again"),
                "members",
                        () -> ada.members().refresh().size() == 2
                                && bob.members().refresh().size() == 2,
                "health",
                        () -> ada.health().state().up() && bob.health().state().up());
        Map<String, CompletableFuture<Long>> times = new ConcurrentSkipListMap<>();
        parts.forEach((name, part) -> times.put(
                name,
                CompletableFuture.supplyAsync(
                        () -> {
                            await(name)
                                    .pollInSameThread()
                                    .pollDelay(Duration.ZERO)
                                    .pollInterval(Duration.ofMillis(10))
                                    .atMost(PATIENCE)
                                    .ignoreExceptions()
                                    .until(part);
                            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                        },
                        task -> new Thread(task, "asks for " + name).start())));
        Map<String, Long> took = new ConcurrentSkipListMap<>();
        times.forEach((name, time) -> took.put(name, time.join()));
        return took;
    }

    @Override
    public void close() {
        permits.release(1_000_000);
        backend.close();
    }

    private final class Listener implements Topic.Listener<String> {
        @Override
        public void onMessage(String channel, String message) {
            heard.add(message);
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }
    }
}
