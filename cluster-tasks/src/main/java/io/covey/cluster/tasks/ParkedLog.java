package io.covey.cluster.tasks;

import io.covey.cluster.spi.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which tasks went to the failed ones because nobody here can run them: one line a second at most, with the count of
 * those that got none. A foreign fleet may send them by the hundred thousand.
 */
final class ParkedLog {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int LONGEST = 1000;

    private final String owner;
    private final LogLimit limit;

    ParkedLog(String owner, WorkerTime time) {
        this.owner = owner;
        this.limit = new LogLimit(time);
    }

    /** For all threads. */
    void add(Object task, String reason) {
        long untold = limit.tell();
        if (untold != LogLimit.NO) {
            LOG.atWarn()
                    .addKeyValue("event", "task.parked")
                    .log(
                            "Worker {}: {} cannot be run here and stays among the failed tasks: {}{}",
                            owner,
                            task,
                            Printable.line(reason, LONGEST),
                            others(untold));
        }
    }

    /** Now and then: those that nobody told of, if a second has passed. */
    void flush() {
        tell(limit.rest());
    }

    /** At the end: those that nobody told of. */
    void end() {
        tell(limit.all());
    }

    private void tell(long untold) {
        if (untold > 0) {
            LOG.atWarn()
                    .addKeyValue("event", "task.parked")
                    .log("Worker {}: {} more tasks cannot be run here and stay among the failed tasks", owner, untold);
        }
    }

    private static String others(long count) {
        return count == 0 ? "" : "; and " + count + " others";
    }
}
