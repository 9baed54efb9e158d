package io.covey.cluster.tasks;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the backend does not answer and once that it does again. Only the poller's thread calls this. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final String owner;
    private final Events events;
    private boolean down;
    private long since;

    Outage(String owner, Events events) {
        this.owner = owner;
        this.events = events;
    }

    void failed(String reason, long now) {
        if (!down) {
            down = true;
            since = now;
            LOG.warn(
                    "Worker {}: no answer to a claim or settlement ({}); it is repeated until there is one",
                    owner,
                    reason);
            events.emit(() -> new WorkerEvent.Interrupted(reason));
        }
    }

    void answered(long now) {
        if (down) {
            down = false;
            Duration after = Duration.ofNanos(now - since);
            LOG.info("Worker {}: the backend answers again after {} ms", owner, after.toMillis());
            events.emit(() -> new WorkerEvent.Resumed(after));
        }
    }
}
