package io.covey.cluster.bench;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Tasks with every promise on: added with a receipt, claimed with a lease, run by a worker, settled. */
public class TaskBenchmark extends Trials {
    static final int PRODUCERS = 8;
    static final int BULK = 200;
    static final int FILL = 20_000;

    private static final String PAYLOAD = "x".repeat(Load.VALUE_BYTES);
    private static final List<String> PAYLOADS = Collections.nCopies(BULK, PAYLOAD);
    private static final TaskType<String> NOTHING = TaskType.of("nothing", String.class);
    private static final int CONCURRENCY = 10;
    private static final long LOOK_NANOS = 100_000;

    /** For JMH. */
    public TaskBenchmark() {}

    /** Where tasks go. */
    @State(Scope.Benchmark)
    public static class Queue {
        /** What carries them. */
        @Param({"local", "jedis", "lettuce"})
        public String transport = "";

        private Backend backend;
        private Cluster node;
        private TaskQueue tasks;

        /** Starts what it runs against. */
        @Setup
        public void start() {
            backend = Backend.start(transport);
        }

        /** Joins with empty queues. */
        @Setup(Level.Iteration)
        public void join() {
            backend.aside(() -> {
                node = backend.join("bench");
                tasks = TaskQueue.on(node);
            });
        }

        /** Throws away the tasks, which would fill the memory. */
        @TearDown(Level.Iteration)
        public void leave() {
            backend.aside(backend::wipe);
        }

        /** Ends what it ran against. */
        @TearDown
        public void stop() {
            backend.close();
        }
    }

    /** Before each drain, tasks that wait. */
    @State(Scope.Benchmark)
    public static class Full {

        /** For JMH. */
        public Full() {}

        /** Refuses several drains at once, which would wait for one another's tasks. */
        @Setup
        public void check(BenchmarkParams params) {
            if (params.getThreads() != 1) {
                throw new IllegalStateException(
                        "drain runs by 1 thread, not " + params.getThreads() + ": the worker brings its own");
            }
        }

        /** Adds tasks, at no cost to the drain. */
        @Setup(Level.Invocation)
        public void fill(Queue queue) {
            queue.backend.aside(() -> queue.tasks.enqueueAll(NOTHING, Collections.nCopies(FILL, PAYLOAD)));
        }
    }

    @Benchmark
    @Threads(1)
    public Enqueued enqueue(Queue in) {
        return in.tasks.enqueue(NOTHING, PAYLOAD);
    }

    @Benchmark
    @Threads(PRODUCERS)
    public Enqueued enqueueBy8(Queue in) {
        return enqueue(in);
    }

    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(BULK)
    public List<Enqueued> enqueueAll(Queue in) {
        return in.tasks.enqueueAll(NOTHING, PAYLOADS);
    }

    /** From the start of a worker until it has told the end of the last task and stopped. */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(FILL)
    public void drain(Queue in, Full full) {
        try (Worker worker = Worker.on(in.node)
                .queues(NOTHING.queue())
                .concurrency(CONCURRENCY)
                .handlers(handlers -> handlers.handle(NOTHING, (payload, task) -> {}))
                .start()) {
            while (worker.stats().processed() < FILL) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
