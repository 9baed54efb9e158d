package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What failed for good, oldest first, each under a number. It has no bound: only who looks after the tasks may forget one.
 * Its lock may be taken under that of a queue, not the other way round.
 */
final class FailedTasks {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<FailedTask> tasks = new ArrayList<>();
    private long numbers;

    void add(String queue, Failure failure) {
        lock.lock();
        try {
            byte[] entry = ByteBuffer.allocate(Long.BYTES).putLong(++numbers).array();
            tasks.add(new FailedTask(queue, failure, entry));
        } finally {
            lock.unlock();
        }
    }

    /**
     * False if it is not there any more.
     *
     * @param first done before, and while nobody else can remove it; if it throws the task stays
     */
    boolean remove(FailedTask task, Runnable first) {
        lock.lock();
        try {
            int index = index(task.entry());
            if (index >= 0) {
                first.run();
                tasks.remove(index);
            }
            return index >= 0;
        } finally {
            lock.unlock();
        }
    }

    private int index(byte[] entry) {
        if (entry.length != Long.BYTES) {
            return -1;
        }
        long wanted = ByteBuffer.wrap(entry).getLong();
        int from = 0;
        int to = tasks.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            long number = ByteBuffer.wrap(tasks.get(middle).entry()).getLong();
            if (number == wanted) {
                return middle;
            }
            from = number < wanted ? middle + 1 : from;
            to = number < wanted ? to : middle;
        }
        return -1;
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
