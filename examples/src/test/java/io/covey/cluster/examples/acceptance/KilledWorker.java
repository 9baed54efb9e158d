package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A program with a worker that does some tasks and then stands still with its hands full, until it is killed. */
final class KilledWorker {
    static final int CONCURRENCY = 4;
    static final Duration LEASE = Duration.ofSeconds(5);
    static final TaskType<Integer> MARK = TaskType.of("mark", Integer.class).on("marks");

    private KilledWorker() {}

    /** URI, namespace, how many tasks it does. It ends, if nobody kills it, with its standard input. */
    public static void main(String[] args) throws IOException {
        ClusterConfig.Builder config =
                ClusterConfig.builder(args[0]).namespace(args[1]).taskNamespace(args[1]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(args[2]));
        CountDownLatch never = new CountDownLatch(1);
        try (Cluster cluster = Cluster.join(config.name("victim").build());
                InputStream parent = System.in) {
            Marks marks = new Marks(cluster);
            Worker worker = worker(cluster)
                    .handlers(handlers -> handlers.handle(MARK, (number, task) -> {
                        marks.started(number, task);
                        if (left.getAndDecrement() <= 0) {
                            never.await(1, TimeUnit.HOURS);
                        }
                        marks.done(number);
                    }))
                    .start();
            parent.transferTo(OutputStream.nullOutputStream());
            worker.close(Duration.ZERO);
        }
    }

    static Worker.Builder worker(Cluster cluster) {
        return Worker.on(cluster).queues("marks").concurrency(CONCURRENCY).lease(LEASE);
    }

    /** What all workers write down: every run when it starts, every task that is done. */
    static final class Marks {
        final Cache<Integer> runs;
        final Cache<Integer> done;

        Marks(Cluster cluster) {
            runs = cluster.cache("runs", Integer.class);
            done = cluster.cache("done", Integer.class);
        }

        void started(int number, TaskContext task) {
            runs.put(number + "/" + task.fence(), task.deliveries());
        }

        void done(int number) {
            done.put("t" + number, number);
        }
    }
}
