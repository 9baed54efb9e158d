package io.covey.cluster.cli.demo;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Secret;
import io.covey.cluster.Topic;
import io.covey.cluster.cli.demo.CountFile.Result;
import io.covey.cluster.cli.demo.CountFile.Share;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The tour: everything that a cluster shares, at work on real files. */
final class Demo {
    private static final int WORKERS = 3;
    private static final int CONCURRENCY = 4;
    private static final int PORTION = 200;
    private static final long WATCHED_MILLIS = 6_000;
    private static final long SLOWEST_PACE = 100;
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration STUCK = Duration.ofMinutes(1);

    private final String uri;
    private final Folder folder;
    private final @Nullable Long pace;
    private final PrintWriter out;
    private final String run = hex(4);
    private final String token = hex(32);

    Demo(String uri, Folder folder, @Nullable Long pace, PrintWriter out) {
        this.uri = uri;
        this.folder = folder;
        this.pace = pace;
        this.out = out;
    }

    /** Answers whether the totals are equal and nothing was lost. */
    boolean run() throws InterruptedException {
        List<WorkerProcess> workers = new ArrayList<>();
        try (FileList files = FileList.of(folder);
                Cluster cluster = Cluster.join(config())) {
            out.println("Counting " + "%,d".formatted(files.size()) + " files of " + folder.root() + " on "
                    + cluster.transport().description());
            for (int i = 1; i <= WORKERS; i++) {
                workers.add(WorkerProcess.start("worker-" + i, CONCURRENCY, environment()));
            }
            for (WorkerProcess worker : workers) {
                worker.awaitReady();
                out.println("  " + worker.name() + " is up, process " + worker.pid());
            }
            out.flush();
            return count(cluster, files, workers);
        } finally {
            workers.forEach(WorkerProcess::close);
        }
    }

    private boolean count(Cluster cluster, FileList files, List<WorkerProcess> workers) throws InterruptedException {
        long millis = pace(files.size());
        if (millis > 0) {
            out.println("  each task dawdles " + millis + " ms, so that there is something to watch");
        }
        Progress progress = new Progress(out, System.console() != null, files.size());
        Topic<Long> milestones = cluster.topic("/demo/milestones/*", Long.class);
        milestones.subscribe((channel, done) -> progress.line(
                "  " + channel.substring(channel.lastIndexOf('/') + 1) + " has counted " + done + " files"));

        CompletableFuture<Totals> beside = CompletableFuture.supplyAsync(() -> countAlone(files));
        TaskQueue tasks = TaskQueue.on(cluster);
        CompletableFuture<Void> enqueued = CompletableFuture.runAsync(() -> files.portions(
                PORTION,
                portion -> tasks.enqueueAll(
                        CountFile.TYPE,
                        portion.stream()
                                .map(path -> new CountFile(folder.root().toString(), path, millis))
                                .toList())));
        watch(cluster, tasks.inspect(), enqueued, files.size(), workers, progress);
        shares(cluster, progress);
        return report(files, collect(cluster, files), beside.join());
    }

    /** Shows the progress until the queue is empty, and kills a worker half-way. */
    private void watch(
            Cluster cluster,
            TaskInspection tasks,
            CompletableFuture<Void> enqueued,
            long total,
            List<WorkerProcess> workers,
            Progress progress)
            throws InterruptedException {
        Rpc rpc = Rpc.on(cluster);
        boolean killed = false;
        long lastDone = -1;
        long lastChange = System.nanoTime();
        while (true) {
            QueueInfo queue = tasks.queue(CountFile.TYPE.queue()).orElse(new QueueInfo("", 0, 0, 0));
            long left = queue.waiting() + queue.active() + queue.retry();
            long done = cluster.stats(CountFile.STATS).read().getOrDefault(CountFile.DONE, 0L);
            if (!killed && enqueued.isDone() && left <= total / 2) {
                WorkerProcess victim = workers.get(1);
                victim.kill();
                killed = true;
                progress.line("  kill -9 " + victim.pid() + " (" + victim.name() + ")");
            }
            if (enqueued.isDone() && left == 0 && killed) {
                enqueued.join();
                return;
            }
            if (done != lastDone) {
                lastDone = done;
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > STUCK.toNanos()) {
                throw new ClusterException(
                        "No file was counted for " + STUCK.toSeconds() + " s; " + left + " tasks are left");
            }
            Map<String, Share> shares = new TreeMap<>();
            rpc.callAll(CountFile.SHARE.within(TICK), "").join().answers().forEach((node, share) -> {
                shares.put(node.name(), share);
            });
            progress.show(done, shares);
            Thread.sleep(TICK.toMillis());
        }
    }

    private void shares(Cluster cluster, Progress progress) {
        Rpc.on(cluster)
                .callAll(CountFile.SHARE, "")
                .join()
                .answers()
                .forEach((node, share) ->
                        progress.line("  " + node.name() + " says: I counted " + share.done() + " files"));
    }

    private Totals countAlone(FileList files) {
        Totals totals = new Totals();
        files.portions(PORTION, portion -> portion.forEach(path -> totals.add(FileCounter.count(folder.root(), path))));
        return totals;
    }

    private Collected collect(Cluster cluster, FileList files) {
        Cache<Result> cache = cluster.cache(CountFile.CACHE, Result.class);
        Collected collected = new Collected();
        files.portions(PORTION, portion -> {
            Map<String, Result> results =
                    cache.getAll(portion.stream().map(CountFile::key).toList());
            results.values().forEach(collected::add);
        });
        cache.clear("");
        return collected;
    }

    private boolean report(FileList files, Collected collected, Totals alone) {
        Totals together = collected.totals;
        boolean equal = together.sameAs(alone);
        long lost = files.size() - together.files();
        String row = "  %-38s %18s %18s%n";
        out.println();
        out.printf(row, "", "the cluster", "one thread");
        out.printf(row, "files", number(together.files()), number(alone.files()));
        out.printf(row, "  of these binary", number(together.binary()), number(alone.binary()));
        out.printf(row, "  of these unreadable", number(together.unreadable()), number(alone.unreadable()));
        out.printf(row, "bytes", number(together.bytes()), number(alone.bytes()));
        out.printf(row, "lines", number(together.lines()), number(alone.lines()));
        out.printf(row, "words", number(together.words()), number(alone.words()));
        out.printf(
                row, "digest of every count", "%016x".formatted(together.digest()), "%016x".formatted(alone.digest()));
        out.printf(row, "tasks run again because of the kill", number(collected.again), "");
        out.printf(row, "lost", number(lost), "");
        out.println();
        out.println("  most frequent terms: "
                + String.join(
                        ", ",
                        together.terms(5).stream()
                                .map(term -> term.text() + " " + number(term.count()))
                                .toList()));
        out.println(equal ? "  The totals are equal; nothing was lost." : "  THE TOTALS DIFFER.");
        out.flush();
        return equal && lost == 0;
    }

    private static String number(long n) {
        return "%,d".formatted(n);
    }

    /** What the workers left in the cache. */
    private static final class Collected {
        private final Totals totals = new Totals();
        private long again;

        void add(Result result) {
            totals.add(result.count());
            again += result.deliveries() > 1 ? 1 : 0;
        }
    }

    private long pace(long files) {
        if (pace != null) {
            return pace;
        }
        return files == 0 ? 0 : Math.min(SLOWEST_PACE, WATCHED_MILLIS * WORKERS * CONCURRENCY / files);
    }

    private ClusterConfig config() {
        return ClusterConfig.builder(uri)
                .name("demo")
                .namespace("covey-demo-" + run)
                .taskNamespace("resque-demo-" + run)
                .beat(Duration.ofSeconds(1))
                .token(Secret.of(token))
                .build();
    }

    private Map<String, String> environment() {
        return Map.of(
                "COVEY_URI",
                uri,
                "COVEY_NAMESPACE",
                "covey-demo-" + run,
                "COVEY_TASK_NAMESPACE",
                "resque-demo-" + run,
                ClusterConfig.TOKEN_FILE_VARIABLE,
                "",
                ClusterConfig.TOKEN_VARIABLE,
                token);
    }

    private static String hex(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
