package io.covey.cluster.rpc;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where what users attached to their calls runs. One thread takes as many as there are; when nothing was taken for some
 * milliseconds, because what runs blocks, there comes another one, up to a limit.
 */
final class Completions implements Executor, AutoCloseable {
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int IDLE_SECONDS = 10;
    private static final int MOST_THREADS = 256;

    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor pool;
    private final AtomicLong taken = new AtomicLong();
    private long takenBefore;
    private volatile @Nullable Ticker ticker;

    Completions(ThreadFactory threads) {
        this.pool = new ThreadPoolExecutor(1, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, waiting, threads) {
            @Override
            protected void beforeExecute(Thread thread, Runnable task) {
                taken.incrementAndGet();
            }
        };
        this.pool.allowCoreThreadTimeOut(true);
    }

    void watchedBy(Ticker watch) {
        ticker = watch;
    }

    /** At the end of the node there is no other thread left. */
    @Override
    public void execute(Runnable completion) {
        try {
            pool.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
            return;
        } catch (OutOfMemoryError e) {
            // No thread can be had: one that there is takes it, or a later one.
            waiting.add(completion);
        }
        Ticker watch = ticker;
        if (watch != null && !waiting.isEmpty()) {
            watch.due(watch.now() + STUCK_NANOS);
        }
    }

    long tick(long now) {
        if (waiting.isEmpty()) {
            if (pool.getCorePoolSize() > 1) {
                pool.setCorePoolSize(1);
            }
            return Ticker.NEVER;
        }
        long before = takenBefore;
        takenBefore = taken.get();
        if (takenBefore == before) {
            pool.setCorePoolSize(Math.min(MOST_THREADS, pool.getCorePoolSize() + 1));
            // If one before could not be started.
            pool.prestartCoreThread();
        }
        return now + STUCK_NANOS;
    }

    /** Nobody looks any more whether what runs is stuck: each that waits gets a thread. */
    @Override
    public void close() {
        int all = pool.getPoolSize() + waiting.size();
        pool.setCorePoolSize(Math.max(1, Math.min(MOST_THREADS, all)));
        pool.shutdown();
    }
}
