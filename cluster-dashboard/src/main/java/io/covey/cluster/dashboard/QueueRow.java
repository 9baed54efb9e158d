package io.covey.cluster.dashboard;

import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue as it is shown.
 *
 * @param info what is in it
 * @param done how many are done a second
 * @param failed how many fail a second
 * @param oldestMillis for how long the oldest has waited
 * @param atLeast whether it may be much longer
 * @param trend how many waited, the last times
 */
record QueueRow(QueueInfo info, double done, double failed, long oldestMillis, boolean atLeast, List<Long> trend) {

    /** About how long a new task waits: empty where nothing moves. */
    double latencySeconds() {
        return info.waiting() == 0 ? 0 : done + failed > 0 ? info.waiting() / (done + failed) : Double.NaN;
    }

    Map<String, @Nullable Object> shown() {
        return Json.object(
                "queue", info.queue(),
                "waiting", info.waiting(),
                "active", info.active(),
                "retry", info.retry(),
                "delayed", info.delayed(),
                "paused", info.paused(),
                "done", done,
                "failed", failed,
                "oldest", oldestMillis,
                "atLeast", atLeast,
                "latency", latencySeconds(),
                "trend", trend);
    }
}
