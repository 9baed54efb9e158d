package io.covey.cluster.dashboard;

import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs.
 *
 * @param worker where
 * @param task what
 */
record Running(WorkerInfo worker, WorkerRegistry.Running task) {

    Map<String, @Nullable Object> shown(Handles handles, Instant now) {
        return Json.object(
                "key", handles.of(this, Secrets.bytes(task.queue()), Secrets.bytes(task.id())),
                "id", Shown.name(task.id()),
                "queue", Shown.name(task.queue()),
                "type", Shown.name(task.type()),
                "args", Shown.line(task.args()),
                "since", task.since().toEpochMilli(),
                "runs", Math.max(0, Duration.between(task.since(), now).toMillis()),
                "worker", Shown.name(worker.owner()),
                "host", Shown.name(worker.host()),
                "pid", worker.pid());
    }
}
