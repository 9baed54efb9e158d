package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What is kept of tasks beside them, in the slots of their queues. */
final class RedisTaskNotes implements TaskNotes {

    RedisTaskNotes(Redis redis, TaskKeys keys) {}

    @Override
    public CompletionStage<Boolean> put(Held held, String id, String name, byte[] note, Duration keep) {
        return RedisQueueControl.missing("notes");
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String queue, String id, String name) {
        return RedisQueueControl.missing("notes");
    }
}
