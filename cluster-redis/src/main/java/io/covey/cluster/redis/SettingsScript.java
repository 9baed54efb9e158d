package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.QueueSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Reads the settings of queues and changes them by comparing and setting. */
final class SettingsScript {
    private static final Script SCRIPT = Script.of("task/settings", "gaps", "task/lib");
    private static final int TRIES = 100;
    private static final int CHANGED = 1;
    private static final int HAS_TASKS = 2;

    private final Redis redis;
    private final TaskKeys keys;

    SettingsScript(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<QueueSettings> read(String queue) {
        return text(queue).thenApply(SettingsText::read);
    }

    private CompletionStage<String> text(String queue) {
        return redis.send(RedisCommand.keyed("HGET", keys.queue(queue).clock(), "set"))
                .thenApply(reply -> reply == null ? "" : Replies.text(reply));
    }

    CompletionStage<QueueSettings> change(String queue, UnaryOperator<QueueSettings> change) {
        return text(queue).thenCompose(before -> change(queue, change, before, TRIES));
    }

    private CompletionStage<QueueSettings> change(
            String queue, UnaryOperator<QueueSettings> change, String before, int left) {
        QueueSettings wanted = change.apply(SettingsText.read(before));
        String after = SettingsText.write(wanted);
        Script.Call call = SCRIPT.call(keys.queue(queue).full(), 0, before, after);
        return redis.run(call).thenCompose(answer -> {
            List<Object> reply = Replies.list(answer);
            int status = (int) Replies.number(reply.get(0));
            String now = Replies.text(reply.get(1));
            if (status == HAS_TASKS) {
                return CompletableFuture.failedStage(new RefusedException("The kind of queue " + queue
                        + " cannot become " + wanted.kind() + " while it has tasks: it has " + now
                        + "; nothing was changed"));
            }
            if (status == CHANGED) {
                return left > 0
                        ? change(queue, change, now, left - 1)
                        : CompletableFuture.failedStage(new TransportException("The settings of queue " + queue
                                + " were changed by others " + TRIES + " times meanwhile; this change was not made"));
            }
            return CompletableFuture.completedStage(wanted);
        });
    }
}
