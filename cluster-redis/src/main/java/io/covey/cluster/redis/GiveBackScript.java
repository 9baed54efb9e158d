package io.covey.cluster.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives tasks back to the list of their queue, portion by portion. */
final class GiveBackScript {
    private static final Script SCRIPT = Script.of("task/give-back", "task/lib");
    private static final int PORTION = 200;

    private final Redis redis;
    private final TaskKeys keys;

    GiveBackScript(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<Long> giveBack(String queue) {
        return portion(keys.queue(queue), "0", 0);
    }

    private CompletionStage<Long> portion(TaskKeys.Queue queue, String skip, long before) {
        return redis.run(SCRIPT.call(queue.full(), 0, skip, PORTION)).thenCompose(answer -> {
            List<Object> reply = Replies.list(answer);
            long sum = before + Replies.number(reply.get(0));
            String next = Replies.text(reply.get(1));
            return next.isEmpty() ? CompletableFuture.completedStage(sum) : portion(queue, next, sum);
        });
    }
}
