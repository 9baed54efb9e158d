package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.util.concurrent.CompletionStage;

/** Takes tasks out of resque's list of failed ones. */
final class FailedTasks {

    FailedTasks(Redis redis, TaskKeys keys) {}

    CompletionStage<Boolean> retry(FailedTask task) {
        return RedisQueueControl.missing("retry");
    }

    CompletionStage<Boolean> drop(FailedTask task) {
        return RedisQueueControl.missing("drop");
    }
}
