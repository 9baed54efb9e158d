package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What failed for good, oldest first. It has no bound: only who looks after the tasks may forget one. */
final class FailedTasks {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<FailedTask> tasks = new ArrayList<>();

    void add(String queue, Failure failure) {
        lock.lock();
        try {
            tasks.add(new FailedTask(queue, failure));
        } finally {
            lock.unlock();
        }
    }

    long size() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    List<FailedTask> page(long offset, int limit) {
        lock.lock();
        try {
            int from = (int) Math.min(tasks.size(), Math.max(0, offset));
            int to = from + Math.min(tasks.size() - from, Math.max(0, limit));
            return List.copyOf(tasks.subList(from, to));
        } finally {
            lock.unlock();
        }
    }
}
