package io.covey.cluster.bench;

import com.sun.management.ThreadMXBean;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.ToDoubleFunction;

/** A node that drains a full queue, and what its threads spend on it. */
final class Drain implements AutoCloseable {
    private static final String PAYLOAD = "x".repeat(100);
    private static final int CONCURRENCY = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    /** Whose threads' threads are in it, too. */
    private final ThreadGroup threads;

    private final MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CountDownLatch left;
    private final int tasks;
    private final Map<Long, Spent> before = new HashMap<>();
    /** As it was when a thread was last seen, since threads end. */
    private final Map<Long, Spent> after = new HashMap<>();

    private Cluster node;
    private Worker.Builder worker;
    private int ran;

    private record Spent(double micros, double bytes) {}

    Drain(String uri, String name, int tasks, Watched way, Tracing tracing) throws InterruptedException {
        this.threads = new ThreadGroup(name);
        this.tasks = tasks;
        this.left = new CountDownLatch(tasks);
        inGroup(() -> {
            TaskType<String> nothing = TaskType.of("nothing", String.class).on(name);
            node = Cluster.join(ClusterConfig.builder(uri).name(name).build());
            TaskQueue.on(node).enqueueAll(nothing, Collections.nCopies(tasks, PAYLOAD));
            worker = Worker.on(node)
                    .queues(name)
                    .concurrency(CONCURRENCY)
                    .handlers(handlers -> handlers.handle(nothing, (payload, task) -> left.countDown()));
            way.watch(node, worker, registry, tracing);
        });
    }

    private void inGroup(Runnable body) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(body, null);
        new Thread(threads, task, threads.getName()).start();
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The node " + threads.getName() + " could not be used", e);
        }
    }

    void start() throws InterruptedException {
        before.putAll(spent());
        inGroup(worker::start);
    }

    boolean isDone() {
        return left.getCount() == 0;
    }

    void look() {
        after.putAll(spent());
    }

    /** What comes later does not count. */
    void stopLooking() {
        ran = (int) (tasks - left.getCount());
        look();
    }

    private Map<Long, Spent> spent() {
        Thread[] all = new Thread[1000];
        int count = threads.enumerate(all);
        Map<Long, Spent> spent = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long id = all[i].getId();
            long nanos = THREADS.getThreadCpuTime(id);
            long bytes = THREADS.getThreadAllocatedBytes(id);
            if (nanos >= 0 && bytes >= 0) {
                spent.put(id, new Spent(nanos / 1e3, bytes));
            }
        }
        return spent;
    }

    /** How many tasks it has run. */
    int ran() {
        return ran;
    }

    /** CPU time of its threads since the start. */
    double micros() {
        return since(Spent::micros);
    }

    /** What its threads have allocated since the start. */
    double bytes() {
        return since(Spent::bytes);
    }

    private double since(ToDoubleFunction<Spent> what) {
        double sum = 0;
        for (Map.Entry<Long, Spent> thread : after.entrySet()) {
            Spent was = before.get(thread.getKey());
            sum += what.applyAsDouble(thread.getValue()) - (was == null ? 0 : what.applyAsDouble(was));
        }
        return sum;
    }

    void awaitEnd() throws InterruptedException {
        left.await();
    }

    @Override
    public void close() {
        node.close();
        registry.close();
    }
}
