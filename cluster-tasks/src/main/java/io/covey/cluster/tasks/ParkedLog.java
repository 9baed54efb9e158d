package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which tasks went to the failed ones because nobody here can run them: one line a second at most, with the count of
 * those that got none. A foreign fleet may send them by the hundred thousand.
 */
final class ParkedLog {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long EVERY = Duration.ofSeconds(1).toNanos();

    private final String owner;
    private final WorkerTime time;
    private final AtomicLong nextAt;
    private final AtomicLong untold = new AtomicLong();

    ParkedLog(String owner, WorkerTime time) {
        this.owner = owner;
        this.time = time;
        this.nextAt = new AtomicLong(time.nanos());
    }

    /** For all threads. */
    void add(TaskRun run, String exception, String message) {
        long now = time.nanos();
        long next = nextAt.get();
        if (now - next < 0 || !nextAt.compareAndSet(next, now + EVERY)) {
            untold.incrementAndGet();
            return;
        }
        LOG.warn(
                "Worker {}: {} cannot be run here and stays among the failed tasks: {}: {}{}",
                owner,
                run.ref(),
                exception,
                message,
                others(untold.getAndSet(0)));
    }

    /** Now and then, and at the end: those that nobody told of. */
    void flush() {
        long now = time.nanos();
        long next = nextAt.get();
        if (untold.get() > 0 && now - next >= 0 && nextAt.compareAndSet(next, now + EVERY)) {
            long count = untold.getAndSet(0);
            LOG.warn("Worker {}: {} more tasks cannot be run here and stay among the failed tasks", owner, count);
        }
    }

    private static String others(long count) {
        return count == 0 ? "" : "; and " + count + " others";
    }
}
