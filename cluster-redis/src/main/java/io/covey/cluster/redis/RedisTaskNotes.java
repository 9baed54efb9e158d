package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What is kept of tasks beside them: keys in the slots of their queues, which Redis lets expire. */
final class RedisTaskNotes implements TaskNotes {
    private static final Script PUT = Script.of("task/note");
    private static final int LONGEST_NAME = 200;
    private static final int MOST_BYTES = 1 << 20;

    private final Redis redis;
    private final TaskKeys keys;

    RedisTaskNotes(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    @Override
    public CompletionStage<Boolean> put(Held held, String id, String name, byte[] note, Duration keep) {
        TaskKeys.Queue queue = keys.queue(held.queue());
        checked(name);
        size(name, id, note);
        return redis.run(PUT.call(
                        List.of(queue.meta(), queue.note(id, name)),
                        held.id(),
                        TurnScript.fence(held.fence()),
                        note,
                        Times.millis(keep)))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String queue, String id, String name) {
        return redis.send(RedisCommand.keyed("GET", keys.queue(queue).note(id, checked(name))))
                .thenApply(reply -> Optional.ofNullable(reply).map(Replies::bytes));
    }

    static void size(String name, String id, byte[] note) {
        if (note.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The " + name + " of task " + id + " has " + note.length + " bytes, the limit is " + MOST_BYTES);
        }
    }

    private static String checked(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "A note must have a name of 1 to " + LONGEST_NAME + " characters, had " + name.length());
        }
        return name;
    }
}
