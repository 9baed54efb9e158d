package io.covey.cluster.core.local;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the calls of one registration one at a time and in order, on an executor. */
final class Serial {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private boolean draining;
    private boolean closed;

    Serial(Executor executor) {
        this.executor = executor;
    }

    void offer(Runnable call) {
        offer(call, Integer.MAX_VALUE);
    }

    /** False if as many calls as allowed wait already. */
    boolean offer(Runnable call, int most) {
        lock.lock();
        try {
            if (closed) {
                return true;
            }
            if (calls.size() >= most) {
                return false;
            }
            calls.add(call);
            if (draining) {
                return true;
            }
            draining = true;
        } finally {
            lock.unlock();
        }
        executor.execute(this::drain);
        return true;
    }

    /** Starts no further call. */
    void close() {
        lock.lock();
        try {
            closed = true;
            calls.clear();
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        for (Runnable call = next(); call != null; call = next()) {
            try {
                call.run();
            } catch (RuntimeException e) {
                LOG.warn("A listener threw {}; it goes on with the next call", e.toString(), e);
            } catch (Error e) {
                proceed();
                throw e;
            }
        }
    }

    /** Lets another thread go on where this one dies. */
    private void proceed() {
        lock.lock();
        try {
            draining = !calls.isEmpty();
            if (!draining) {
                return;
            }
        } finally {
            lock.unlock();
        }
        executor.execute(this::drain);
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable call = calls.poll();
            draining = call != null;
            return call;
        } finally {
            lock.unlock();
        }
    }
}
