package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What is wrong with a worker. For all threads. */
final class HealthBook {
    private final Map<String, String> epochs = new ConcurrentSkipListMap<>();
    private volatile @Nullable String stuck;
    private volatile boolean closed;

    void epochChanged(String queue, String was, String is) {
        epochs.put(
                queue,
                "The data of queue " + queue + " was lost or replaced: epoch " + is + " was " + was
                        + "; tasks accepted before may be gone. DOWN until acknowledged");
    }

    void acknowledge() {
        epochs.clear();
    }

    /** Null: it gets on. */
    void stuck(@Nullable String reason) {
        stuck = reason;
    }

    boolean isStuck() {
        return stuck != null;
    }

    /** Why it does not get on though the backend answers; empty of one that is closed. */
    Optional<String> standstill() {
        return closed ? Optional.empty() : Optional.ofNullable(stuck);
    }

    void closed() {
        closed = true;
    }

    WorkerHealth now(Outage outage, long nanos) {
        List<String> reasons = new ArrayList<>();
        if (closed) {
            reasons.add("The worker is closed");
        }
        String away = outage.reason();
        if (away != null && !closed) {
            reasons.add("The backend does not answer for "
                    + Duration.ofNanos(nanos - outage.since()).toMillis() + " ms: " + away);
        }
        String still = stuck;
        if (still != null) {
            reasons.add(still);
        }
        reasons.addAll(epochs.values());
        return new WorkerHealth(reasons.isEmpty(), reasons);
    }
}
