package io.covey.cluster.redis;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds waiting and delayed tasks by their content, as every fleet does: by their bytes. */
final class StoredTasks {

    StoredTasks(Redis redis, TaskKeys keys) {}

    CompletionStage<Long> remove(String queue, String type, byte[] args) {
        return RedisQueueControl.missing("remove");
    }

    CompletionStage<Long> removeType(String queue, String type) {
        return RedisQueueControl.missing("removeType");
    }

    CompletionStage<Long> removeDelayed(String queue, String type, byte[] args) {
        return RedisQueueControl.missing("removeDelayed");
    }

    CompletionStage<List<Instant>> delayedAt(String queue, String type, byte[] args) {
        return RedisQueueControl.missing("delayedAt");
    }
}
