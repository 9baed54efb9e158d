package io.covey.cluster.core.local;

import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The queues of one task namespace. */
final class TaskSpace {
    private final LocalClock clock;
    private final FailedTasks failed = new FailedTasks();
    private final Hints hints = new Hints();
    private final Workers workers;
    private final RunLocks runs;
    private final ConcurrentMap<String, LocalQueue> queues = new ConcurrentSkipListMap<>();
    private final String epoch;

    TaskSpace(LocalClock clock) {
        this.clock = clock;
        this.workers = new Workers(clock);
        this.runs = new RunLocks(clock);
        this.epoch = Long.toString(Fences.after(0, clock), Character.MAX_RADIX);
    }

    LocalQueue queue(String name) {
        LocalQueue known = queues.get(name);
        return known != null
                ? known
                : queues.computeIfAbsent(
                        Names.check("queue", name), absent -> new LocalQueue(absent, epoch, clock, failed));
    }

    Collection<LocalQueue> queues() {
        return queues.values();
    }

    FailedTasks failed() {
        return failed;
    }

    Hints hints() {
        return hints;
    }

    /** To be called without a lock held. */
    void hintIfReady(String queue) {
        if (queue(queue).hasWork()) {
            hints.give(queue);
        }
    }

    Workers workers() {
        return workers;
    }

    RunLocks runs() {
        return runs;
    }

    LocalClock clock() {
        return clock;
    }

    void passLeaseTime(Duration time) {
        queues.values().forEach(queue -> queue.passLeaseTime(time));
    }
}
