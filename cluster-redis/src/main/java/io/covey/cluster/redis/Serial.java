package io.covey.cluster.redis;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time in the order they were given, on the thread of whoever gives one while nobody is running any.
 * No lock is held while a task runs, so that tasks may call anything.
 */
final class Serial implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * @param task must not block; what it throws is logged
     */
    @Override
    public void execute(Runnable task) {
        add(task);
        drain();
    }

    /** Notes a task for the next {@link #drain}: for callers who hold a lock that no task may run under. */
    void add(Runnable task) {
        lock.lock();
        try {
            waiting.add(task);
        } finally {
            lock.unlock();
        }
    }

    void drain() {
        lock.lock();
        try {
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        for (Runnable next = next(); next != null; next = next()) {
            run(next);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // or none would ever run again
            LOG.warn("What is done in turn failed; the next goes on", e);
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = waiting.poll();
            running = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
