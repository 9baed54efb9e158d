package io.covey.cluster.core.runtime;

import com.google.common.util.concurrent.MoreExecutors;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one node: daemons named {@code covey-<node>-<role>}. */
public final class NodeThreads implements AutoCloseable {
    private static final int MOST_WORKERS = 32;
    private static final int IDLE_SECONDS = 10;
    private static final Duration END = Duration.ofSeconds(5);

    private final String name;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;
    private final ScheduledThreadPoolExecutor beat;
    private final ThreadPoolExecutor workers;
    private final ThreadPoolExecutor loaders;
    private final ThreadPoolExecutor listeners;

    /**
     * Threads start when they are first needed.
     *
     * @param name the node's name
     */
    public NodeThreads(String name) {
        this.name = name;
        this.timer = scheduler("timer");
        this.beat = scheduler("beat");
        this.workers = bounded("worker");
        this.loaders = bounded("loader");
        this.listeners = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory("listener"));
    }

    /**
     * For what is due at a time. Nothing on it may block.
     *
     * @return one thread
     */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /**
     * For the heartbeat alone, which may block and which nothing else may delay.
     *
     * @return one thread
     */
    public ScheduledExecutorService beat() {
        return beat;
    }

    /**
     * For work that ends by itself, such as decoding and the continuations of stages.
     *
     * @return a bounded pool
     */
    public Executor workers() {
        return workers;
    }

    /**
     * For loaders of the application that nobody runs on a thread of its own; they may block.
     *
     * @return a bounded pool
     */
    public Executor loaders() {
        return loaders;
    }

    /**
     * For listeners of the application, which may block: as many threads as there are listeners at work.
     *
     * @return runs one task at a time, in order
     */
    public Executor sequence() {
        return MoreExecutors.newSequentialExecutor(listeners);
    }

    /** Ends the heartbeat: a beat that is under way when the node says goodbye would bring it back. */
    public void stopBeat() {
        beat.shutdownNow();
        try {
            beat.awaitTermination(END.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interrupts what is running and waits until the threads are gone, except for the calling thread itself. */
    @Override
    public void close() {
        List.of(timer, beat, workers, loaders, listeners).forEach(ExecutorService::shutdownNow);
        if (own()) {
            return;
        }
        long deadline = System.nanoTime() + END.toNanos();
        try {
            // An executor calls itself terminated while its last thread still runs.
            for (Thread thread : List.copyOf(threads)) {
                long left = deadline - System.nanoTime();
                if (left > 0) {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean own() {
        return threads.contains(Thread.currentThread());
    }

    private ThreadPoolExecutor bounded(String role) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_WORKERS, MOST_WORKERS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(role));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private ScheduledThreadPoolExecutor scheduler(String role) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, factory(role));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    private ThreadFactory factory(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "covey-" + name + "-" + role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            threads.removeIf(old -> old.getState() == Thread.State.TERMINATED);
            threads.add(thread);
            return thread;
        };
    }
}
