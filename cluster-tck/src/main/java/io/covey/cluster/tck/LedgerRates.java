package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How many tasks of a queue, and of each of its keys, have started since its settings were changed. */
final class LedgerRates {
    private final Map<String, Since> queues = new HashMap<>();

    private record Since(QueueSettings settings, Instant at, Map<String, Integer> starts) {}

    /** Settings were changed, at this time at the earliest. */
    void set(String queue, QueueSettings now, Instant at) {
        queues.put(queue, new Since(now, at, new HashMap<>()));
    }

    boolean isRated(String queue) {
        Since since = queues.get(queue);
        return since != null
                && (since.settings.rate().isPresent()
                        || since.settings.keyRate().isPresent());
    }

    /** A task was handed out, at this time at the latest. */
    void started(LedgerTask task, Instant at) {
        Since since = queues.get(task.queue);
        if (since == null) {
            return;
        }
        within(since.settings.rate(), since, "", task, at);
        if (!task.key.isEmpty() && !task.loose) {
            within(since.settings.keyRate(), since, task.key, task, at);
        }
    }

    private static void within(Optional<Rate> limit, Since since, String key, LedgerTask task, Instant at) {
        limit.ifPresent(rate -> {
            int starts = since.starts.merge(key, 1, Integer::sum);
            Duration time = Duration.between(since.at, at);
            double most = rate.burst()
                    + 1
                    + (double) rate.permits() * time.toNanos() / rate.per().toNanos();
            Ledger.check(starts <= most, task + " is start " + starts + " in " + time + " of " + rate);
        });
    }
}
