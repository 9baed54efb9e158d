package io.covey.cluster.redis.driver;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What all connections of one driver share: the client library, the time limits, a timer, and threads to connect on. */
final class Io implements AutoCloseable {
    private static final long NO_THREAD_MILLIS = 1000;

    private final RedisConnector connector;
    private final Duration connectTimeout;
    private final Duration commandTimeout;
    private final Meter meter = new Meter();
    private final ScheduledExecutorService timer;
    private final ExecutorService connecting;

    Io(RedisConnector connector, Duration connectTimeout, Duration commandTimeout) {
        this(connector, connectTimeout, commandTimeout, threads("covey-redis-connect"));
    }

    /**
     * @param connecting makes the threads for what blocks
     */
    Io(RedisConnector connector, Duration connectTimeout, Duration commandTimeout, ThreadFactory connecting) {
        this.connecting = Executors.newCachedThreadPool(connecting);
        this.connector = connector;
        this.connectTimeout = connectTimeout;
        this.commandTimeout = commandTimeout;
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, threads("covey-redis-timer"));
        one.setRemoveOnCancelPolicy(true);
        this.timer = one;
    }

    RedisConnection connect(RedisUri server, RedisConnection.Listener listener) {
        return connector.connect(server, connectTimeout, commandTimeout, listener);
    }

    Meter meter() {
        return meter;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Duration commandTimeout() {
        return commandTimeout;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Runs something that blocks. After {@link #close} it is dropped, since then everything is being given up. */
    void connecting(Runnable task, long delayMillis) {
        try {
            timer.schedule(() -> connectingNow(task), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    private void connectingNow(Runnable task) {
        try {
            connecting.execute(task);
        } catch (RejectedExecutionException e) {
            // closed
        } catch (Error e) { // such as for want of a thread, which may pass
            connecting(task, NO_THREAD_MILLIS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        connecting.shutdownNow();
        connector.close();
    }

    static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
