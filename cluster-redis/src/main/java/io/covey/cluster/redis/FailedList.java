package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskNotes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts failed tasks back into their queues, and removes them: by their bytes, as the tools of other fleets do. */
final class FailedList {
    private static final Script RETRY = Script.of("task/retry-failed");
    private static final Script RETRY_KEYED = Script.of("task/retry-keyed", "task/add");

    private final Redis redis;
    private final TaskKeys keys;

    FailedList(Redis redis, TaskKeys keys) {
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
        Content found = ResqueJob.read(job).content();
        Optional<Content.Readable> own =
                found instanceof Content.Readable content && content.id().isPresent()
                        ? Optional.of(content)
                        : Optional.empty();
        Optional<String> key = own.flatMap(Content.Readable::key);
        Script.Call call =
                key.isPresent() ? keyed(task, job, key.get()) : RETRY.call(names, task.entry(), job, task.queue());
        return forgetFailure(task.queue(), own.flatMap(Content.Readable::id))
                .thenCompose(gone -> redis.run(call))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    /** Before it runs again: else it might fail at once, and that would be forgotten. */
    private CompletionStage<?> forgetFailure(String queue, Optional<String> id) {
        return id.isEmpty()
                ? CompletableFuture.completedStage(0L)
                : redis.send(RedisCommand.keyed("DEL", keys.queue(queue).note(id.get(), TaskNotes.FAILURE)));
    }

    /** One with a key goes where those of its key wait. */
    private Script.Call keyed(FailedTask task, byte[] job, String key) {
        TaskBlock block = TaskBlock.again(keys, task.queue(), job, key);
        List<String> names = new ArrayList<>(
                List.of(keys.failed(), keys.queues(), keys.queue(task.queue()).clock()));
        names.addAll(block.names());
        List<Object> args = new ArrayList<>(List.of(task.entry(), "again-" + UUID.randomUUID()));
        args.addAll(block.args());
        return RETRY_KEYED.call(names, args.toArray());
    }

    /** From the end, where the newest are: whoever drops a million begins there, and Redis looks at each on the way. */
    CompletionStage<Boolean> drop(FailedTask task) {
        return redis.send(RedisCommand.keyed("LREM", keys.failed(), -1, task.entry()))
                .thenApply(reply -> Replies.number(reply) == 1);
    }
}
