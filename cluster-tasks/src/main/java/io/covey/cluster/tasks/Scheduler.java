package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** The thread of a node that declared recurring tasks, from the first declaration until the node is closed. */
final class Scheduler {
    private static final Map<Cluster, Scheduler> RUNNING = new ConcurrentHashMap<>();

    private final Set<String> queues = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor thread;

    private Scheduler(Cluster cluster) {
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                body -> TaskThreads.single("covey-" + cluster.self().name() + "-scheduler", body),
                new ThreadPoolExecutor.DiscardPolicy());
        cluster.closeWith(drain -> {
            RUNNING.remove(cluster);
            thread.shutdownNow();
        });
        new Ticker(Brokers.schedules(cluster), () -> Set.copyOf(queues), thread).start();
    }

    static Scheduler of(Cluster cluster) {
        return RUNNING.computeIfAbsent(cluster, Scheduler::new);
    }

    void tend(String queue) {
        queues.add(queue);
    }
}
