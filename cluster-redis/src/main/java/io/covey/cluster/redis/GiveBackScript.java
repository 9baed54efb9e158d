package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.QueueSettings.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives tasks back to where other fleets find them, portion by portion. */
final class GiveBackScript {
    private static final Script WAITING = Script.of("task/give-back", "gaps", "task/lib");
    private static final Script KEPT = Script.of("task/kept");
    private static final Script DELAYED = Script.of("task/give-back-delayed", "gaps", "task/lib");
    private static final int PORTION = 200;

    private final Redis redis;
    private final TaskKeys keys;

    GiveBackScript(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<Long> giveBack(String queue) {
        TaskKeys.Queue its = keys.queue(queue);
        return waiting(its, "0", 0)
                .thenCompose(waiting -> redis.send(RedisCommand.keyed("HGET", its.clock(), "set"))
                        .thenCompose(set -> set != null
                                        && SettingsText.read(Replies.text(set)).kind() == Kind.OWN
                                ? CompletableFuture.completedStage(waiting)
                                : delayed(its, 0, waiting)));
    }

    private CompletionStage<Long> waiting(TaskKeys.Queue queue, String skip, long before) {
        return redis.run(WAITING.call(queue.full(), 0, skip, PORTION)).thenCompose(answer -> {
            List<Object> reply = Replies.list(answer);
            long sum = before + Replies.number(reply.get(0));
            String next = Replies.text(reply.get(1));
            return next.isEmpty() ? CompletableFuture.completedStage(sum) : waiting(queue, next, sum);
        });
    }

    /** Those of a shared queue that wait until no other comes: only our workers would find them. */
    private CompletionStage<Long> delayed(TaskKeys.Queue queue, long skip, long before) {
        Script.Call page = KEPT.call(List.of(queue.delayed(), queue.meta(), queue.raw()), skip, skip + PORTION - 1);
        return redis.run(page).thenCompose(answer -> {
            List<Object> reply = Replies.list(answer);
            long found = Replies.number(reply.get(0));
            if (found == 0) {
                return CompletableFuture.completedStage(before);
            }
            List<Object> tasks = Replies.list(reply.get(1));
            return tasks.isEmpty()
                    ? delayed(queue, skip + found, before)
                    : redis.run(move(queue, tasks)).thenCompose(moved -> {
                        long count = Replies.number(Replies.list(moved).get(0));
                        return delayed(queue, skip + found - count, before + count);
                    });
        });
    }

    /**
     * @param tasks of each its id, meta, bytes and time
     */
    private Script.Call move(TaskKeys.Queue queue, List<Object> tasks) {
        List<String> names = new ArrayList<>(queue.full());
        names.add(keys.schedule());
        List<Object> args = new ArrayList<>(List.of(0));
        for (int i = 0; i < tasks.size(); i += 4) {
            byte[] job = Replies.bytes(tasks.get(i + 2));
            // never early: a second is only due when it has begun
            String second = Long.toString(((long) Double.parseDouble(Replies.text(tasks.get(i + 3))) + 999) / 1000);
            names.add(keys.delayed(second));
            names.add(keys.timestamps(new String(job, UTF_8)));
            args.addAll(List.of(tasks.get(i), tasks.get(i + 1), job, second));
        }
        return DELAYED.call(names, args.toArray());
    }
}
