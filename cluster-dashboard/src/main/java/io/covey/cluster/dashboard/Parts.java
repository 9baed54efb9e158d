package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts a dashboard together, and owns its threads. */
final class Parts {
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

    private final String node;
    private final ExecutorService requests;
    private final ScheduledThreadPoolExecutor cutting;
    private final ScheduledExecutorService sampling;
    private final ExecutorService chores;
    private final Streams streams;
    private final Ticker ticker;
    private final Chore chore;
    private final Door door;

    Parts(Cluster cluster, Settings settings) {
        this.node = cluster.self().name();
        this.requests = requests(threads("dashboard"));
        this.cutting = new ScheduledThreadPoolExecutor(1, threads("dashboard-cutter"));
        cutting.setRemoveOnCancelPolicy(true);
        Writes writes = new Writes(cutting, LONGEST_WRITE);
        this.sampling = Executors.newSingleThreadScheduledExecutor(threads("dashboard-sampler"));
        this.chores = Executors.newSingleThreadExecutor(threads("dashboard-chore"));
        Duration timeout = cluster.config().transport().patience();
        Sessions sessions = new Sessions(settings.session(), settings.idle(), System::nanoTime);
        Login login = new Login(
                sessions,
                new Logins(settings.users()),
                new LoginGate(System::nanoTime),
                settings.proxy(),
                settings.cookie(),
                settings.open());
        this.streams = new Streams(sessions, writes, threads("dashboard-page"), System::nanoTime);
        Sampler sampler = new Sampler(cluster, timeout);
        this.ticker = new Ticker(sampler, settings.interval(), sampling, streams::isWatched);
        streams.onOpen(ticker::wake);
        Handles handles = new Handles();
        Memo memo = new Memo(System::nanoTime);
        Optional<TaskInspection> inspection =
                cluster.transport().tasks().map(broker -> TaskQueue.on(cluster).inspect());
        FailedCount count = new FailedCount(
                inspection,
                () -> sampler.newest()
                        .map(picture -> picture.totals().getOrDefault("failed", 0L))
                        .orElse(0L));
        this.chore = new Chore(inspection, count, chores, timeout);
        Views views = new Views(
                cluster,
                ticker,
                sampler,
                new Backend(cluster, handles, timeout),
                memo,
                chore,
                new FailedPages(inspection, count, handles),
                handles);
        ticker.onPicture(picture -> streams.tell("tick", views.tick(picture)));
        this.door = new Door(
                new Hosts(settings.hosts()),
                login,
                views.routes(),
                new Changes(cluster, handles, chore, memo).routes(),
                streams,
                writes);
    }

    /** Grows before anything waits, since what is sent slowly may hold many threads. */
    private static ExecutorService requests(ThreadFactory threads) {
        int most = ServerLimits.requestsAtOnce();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private ThreadFactory threads(String role) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "covey-" + node + "-" + role + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Door door() {
        return door;
    }

    Executor requests() {
        return requests;
    }

    int pages() {
        return streams.size();
    }

    boolean isAwake() {
        return ticker.isAwake();
    }

    /** Sends the open pages away and stops what is under way. */
    void close() {
        chore.stop();
        streams.close();
    }

    /** Ends the threads. */
    void end() {
        sampling.shutdownNow();
        cutting.shutdownNow();
        chores.shutdown();
        requests.shutdownNow();
    }
}
