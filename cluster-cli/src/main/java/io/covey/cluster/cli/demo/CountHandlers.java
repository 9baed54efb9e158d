package io.covey.cluster.cli.demo;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.cli.demo.CountFile.Result;
import io.covey.cluster.cli.demo.CountFile.Share;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a worker of the demo does. */
public final class CountHandlers implements TaskHandlers {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MILESTONE = 100;

    private final AtomicLong done = new AtomicLong();
    private final Set<String> working = ConcurrentHashMap.newKeySet();

    /** For the {@code worker} command. */
    public CountHandlers() {}

    @Override
    public void register(HandlerRegistry handlers) {
        Cluster cluster = handlers.cluster();
        handlers.handle(CountFile.TYPE, (file, task) -> count(cluster, file, task));
        Rpc.on(cluster).serve(CountFile.SHARE, (argument, caller) -> new Share(done.get(), List.copyOf(working)));
    }

    private void count(Cluster cluster, CountFile file, TaskContext task) throws InterruptedException {
        String name = cluster.self().name();
        working.add(file.path());
        try {
            FileCount count = FileCounter.count(Path.of(file.folder()), file.path());
            Thread.sleep(file.paceMillis());
            Cache<Result> results = cluster.cache(CountFile.CACHE, Result.class);
            results.put(CountFile.key(file.path()), new Result(count, name, task.deliveries()), KEPT);
        } finally {
            working.remove(file.path());
        }
        cluster.stats(CountFile.STATS).add(CountFile.DONE, 1);
        long mine = done.incrementAndGet();
        if (mine % MILESTONE == 0) {
            cluster.topic(CountFile.channel(name), Long.class).publish(mine);
        }
    }
}
