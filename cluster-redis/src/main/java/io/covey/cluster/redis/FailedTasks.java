package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts failed tasks back into their queues, and removes them: by their bytes, as the tools of other fleets do. */
final class FailedTasks {
    private static final Script RETRY = Script.of("task/retry-failed");

    private final Redis redis;
    private final TaskKeys keys;

    FailedTasks(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<Boolean> retry(FailedTask task) {
        byte[] job;
        List<String> names;
        try {
            job = FailedEntry.task(task.queue(), task.entry());
            names = List.of(keys.failed(), keys.queue(task.queue()).list(), keys.queues());
        } catch (Json.MalformedException | IllegalArgumentException e) {
            return CompletableFuture.failedStage(new RefusedException("Failed task of queue \""
                    + Names.printable(task.queue()) + "\" cannot be run again, it stays among the failed ones: "
                    + e.getMessage()));
        }
        return redis.run(RETRY.call(names, task.entry(), job, task.queue()))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    CompletionStage<Boolean> drop(FailedTask task) {
        return redis.send(RedisCommand.keyed("LREM", keys.failed(), 1, task.entry()))
                .thenApply(reply -> Replies.number(reply) == 1);
    }
}
