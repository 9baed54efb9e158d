package io.covey.cluster.core.local;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Which tasks run that others alike shall wait for. */
final class RunLocks {
    private final LocalClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Expiring<String, String> holders = new Expiring<>();

    RunLocks(LocalClock clock) {
        this.clock = clock;
    }

    boolean lock(String task, String holder, Duration longest) {
        lock.lock();
        try {
            long now = clock.monotonicMillis();
            String held = holders.get(task, now);
            if (held != null && !held.equals(holder)) {
                return false;
            }
            holders.put(task, holder, now + longest.toMillis(), now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void unlock(String task, String holder) {
        lock.lock();
        try {
            if (holder.equals(holders.get(task, clock.monotonicMillis()))) {
                holders.remove(task);
            }
        } finally {
            lock.unlock();
        }
    }
}
