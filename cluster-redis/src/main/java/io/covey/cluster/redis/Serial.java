package io.covey.cluster.redis;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time in the order they were given, on the thread of whoever gives one while nobody is running any.
 * No lock is held while a task runs, so that tasks may call anything.
 */
final class Serial implements Executor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * @param task must not block and must not throw
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
            next.run();
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
