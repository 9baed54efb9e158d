package io.covey.cluster.rpc;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where calls wait until they know whom to ask. Each takes a round trip of the backend, or a thread while that hangs. */
final class Lookups implements Executor, AutoCloseable {
    private static final int THREADS = 32;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;

    Lookups(ThreadFactory threads, int waiting) {
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), threads);
        this.pool.allowCoreThreadTimeOut(true);
    }

    /**
     * @throws java.util.concurrent.RejectedExecutionException if too many wait, or this is closed
     */
    @Override
    public void execute(Runnable lookup) {
        pool.execute(lookup);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
