package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskNotes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Puts failed tasks back into their queues, and removes them: by their bytes, as the tools of other fleets do. */
final class FailedList {
    private static final Script RETRY = Script.of("task/retry-failed");
    private static final Script RETRY_RICH = Script.of("task/retry-rich", "task/add");

    private final Redis redis;
    private final TaskKeys keys;

    FailedList(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /**
     * A failed task as it is added again.
     *
     * @param own what it carries, if it is of a queue of ours
     */
    record Again(String queue, byte[] job, Optional<Content.Readable> own) {

        /** Whether it is more than bytes in a list. */
        boolean isRich() {
            return own.filter(task -> task.key().isPresent() || task.unique().isPresent())
                    .isPresent();
        }
    }

    /**
     * @throws RefusedException if it cannot be run again
     */
    Again again(FailedTask task) {
        try {
            byte[] job = FailedEntry.task(task.queue(), task.entry());
            keys.queue(task.queue());
            Content found = ResqueJob.read(job).content();
            Optional<Content.Readable> own =
                    found instanceof Content.Readable content && content.id().isPresent()
                            ? Optional.of(content)
                            : Optional.empty();
            return new Again(task.queue(), job, own);
        } catch (Json.MalformedException | IllegalArgumentException e) {
            throw new RefusedException("Failed task of queue \""
                    + Names.printable(task.queue()) + "\" cannot be run again, it stays among the failed ones: "
                    + e.getMessage());
        }
    }

    CompletionStage<Boolean> retry(FailedTask task) {
        Again again;
        try {
            again = again(task);
        } catch (RefusedException e) {
            return CompletableFuture.failedStage(e);
        }
        TaskKeys.Queue queue = keys.queue(task.queue());
        Script.Call call = again.isRich()
                ? rich(task, again)
                : RETRY.call(
                        List.of(keys.failed(), queue.list(), keys.queues()), task.entry(), again.job(), task.queue());
        return forgetFailure(again).thenCompose(gone -> redis.run(call)).handle((reply, thrown) -> {
            if (thrown != null) {
                throw new CompletionException(refused(queue, Await.unwrap(thrown)));
            }
            return Replies.number(Replies.list(reply).get(0)) == 1;
        });
    }

    private static Throwable refused(TaskKeys.Queue queue, Throwable thrown) {
        return thrown instanceof RedisErrorException answered
                        && Refusal.code(answered.error()).equals("WRONGTYPE")
                ? new RefusedException(Names.printable(queue.list())
                                + " is no list, another fleet keeps something else there: the task cannot be run again,"
                                + " it stays among the failed ones")
                        .initCause(thrown)
                : thrown;
    }

    /** Before it runs again: else it might fail at once, and that would be forgotten. */
    private CompletionStage<?> forgetFailure(Again again) {
        return note(again)
                .<CompletionStage<?>>map(note -> redis.send(RedisCommand.keyed("DEL", note)))
                .orElseGet(() -> CompletableFuture.completedStage(0L));
    }

    /** Where its failure is noted, for those who await it. */
    Optional<String> note(Again again) {
        return again.own()
                .flatMap(Content.Readable::id)
                .map(id -> keys.queue(again.queue()).note(id, TaskNotes.FAILURE));
    }

    /** One with a key goes where those of its key wait, a unique one takes its lock. */
    private Script.Call rich(FailedTask task, Again again) {
        TaskBlock block = TaskBlock.again(keys, task.queue(), List.of(again), true);
        List<String> names = new ArrayList<>(
                List.of(keys.failed(), keys.queues(), keys.queue(task.queue()).clock()));
        names.addAll(block.names());
        List<Object> args = new ArrayList<>(List.of(task.entry(), "again-" + UUID.randomUUID()));
        args.addAll(block.args());
        return RETRY_RICH.call(names, args.toArray());
    }

    /** From the end, where the newest are: whoever drops a million begins there, and Redis looks at each on the way. */
    CompletionStage<Boolean> drop(FailedTask task) {
        return redis.send(RedisCommand.keyed("LREM", keys.failed(), -1, task.entry()))
                .thenApply(reply -> Replies.number(reply) == 1);
    }
}
