package io.covey.cluster.core;

import io.covey.cluster.Cluster.Drainable;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is drained and closed before a node leaves, the last registered first; once. */
final class Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
    private static final Duration REST = Duration.ofSeconds(10);

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable Thread closer;

    Farewell(String name) {
        this.name = name;
    }

    Registration add(Drainable closeable) {
        Entry entry = new Entry(closeable);
        lock.lock();
        try {
            if (closer != null) {
                throw new ClusterException("Node " + name + " is closing: nothing more is closed with it");
            }
            entries.push(entry);
        } finally {
            lock.unlock();
        }
        return () -> remove(entry);
    }

    /**
     * Drains, then takes every step, whatever becomes of those before. Who comes second waits for the first, unless the
     * first is waiting for it.
     */
    void once(Duration drain, List<Runnable> steps) {
        if (!first()) {
            await(drain);
            return;
        }
        try {
            drain(System.nanoTime() + TimeUnit.NANOSECONDS.convert(drain));
            steps.forEach(this::take);
        } finally {
            done.countDown();
        }
    }

    boolean begun() {
        lock.lock();
        try {
            return closer != null;
        } finally {
            lock.unlock();
        }
    }

    private boolean first() {
        lock.lock();
        try {
            if (closer != null) {
                return false;
            }
            closer = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration drain) {
        if (Thread.currentThread() == closer) {
            return;
        }
        try {
            long nanos = TimeUnit.NANOSECONDS.convert(drain);
            done.await(nanos + Math.min(REST.toNanos(), Long.MAX_VALUE - nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(long deadline) {
        for (Entry entry = pop(); entry != null; entry = pop()) {
            Drainable closeable = entry.closeable;
            take(() -> closeable.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        }
    }

    private void take(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) { // an Error would keep the node half open
            LOG.warn("Something that closes with node {} threw; the node closes all the same", name, e);
        }
    }

    private @Nullable Entry pop() {
        lock.lock();
        try {
            return entries.poll();
        } finally {
            lock.unlock();
        }
    }

    private void remove(Entry entry) {
        lock.lock();
        try {
            entries.remove(entry);
        } finally {
            lock.unlock();
        }
    }

    /** Compared by identity. */
    private static final class Entry {
        private final Drainable closeable;

        Entry(Drainable closeable) {
            this.closeable = closeable;
        }
    }
}
