package io.covey.cluster.tasks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the backend does not answer and once that it does again. Only the poller's thread calls what is not said to be for all. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final String owner;
    private final Events events;
    private volatile @Nullable String down;
    private volatile long since;

    Outage(String owner, Events events) {
        this.owner = owner;
        this.events = events;
    }

    void failed(String reason, long now) {
        if (down == null) {
            since = now;
            down = reason;
            LOG.atWarn()
                    .addKeyValue("event", "worker.backend.down")
                    .log(
                            "Worker {}: no answer to a claim or settlement ({}); it is repeated until there is one",
                            owner,
                            reason);
            events.emit(() -> new WorkerEvent.Interrupted(reason));
        }
    }

    /** For all threads: why it does not answer; null if it does. */
    @Nullable
    String reason() {
        return down;
    }

    /** For all threads: since when it does not, by the worker's clock. */
    long since() {
        return since;
    }

    void answered(long now) {
        if (down != null) {
            down = null;
            Duration after = Duration.ofNanos(now - since);
            LOG.atInfo()
                    .addKeyValue("event", "worker.backend.up")
                    .log("Worker {}: the backend answers again after {} ms", owner, after.toMillis());
            events.emit(() -> new WorkerEvent.Resumed(after));
        }
    }
}
