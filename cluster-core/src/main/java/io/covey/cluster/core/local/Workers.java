package io.covey.cluster.core.local;

import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The workers of a task namespace: who said nothing for some minutes is taken off. */
final class Workers {
    private static final long KEPT_MILLIS = Duration.ofMinutes(5).toMillis();
    private final LocalClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Expiring<String, WorkerInfo> workers = new Expiring<>();

    Workers(LocalClock clock) {
        this.clock = clock;
    }

    void report(WorkerInfo worker) {
        WorkerInfo seen = new WorkerInfo(
                worker.owner(),
                worker.host(),
                worker.pid(),
                worker.queues(),
                worker.since(),
                clock.instant(),
                worker.processed(),
                worker.failed(),
                worker.concurrency(),
                worker.running());
        long now = clock.monotonicMillis();
        lock.lock();
        try {
            workers.put(worker.owner(), seen, now + KEPT_MILLIS, now);
        } finally {
            lock.unlock();
        }
    }

    void retire(String owner) {
        lock.lock();
        try {
            workers.remove(owner);
        } finally {
            lock.unlock();
        }
    }

    List<WorkerInfo> list() {
        lock.lock();
        try {
            return workers.all(clock.monotonicMillis()).stream()
                    .sorted(Comparator.comparing(WorkerInfo::owner))
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
