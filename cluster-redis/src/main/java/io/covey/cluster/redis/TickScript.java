package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.ScheduleStore.Schedule;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** What goes to tick.lua and what comes back. */
final class TickScript {
    private static final Script SCRIPT = Script.of("recurring/tick", "task/add");
    private static final int OTHER_KIND = 4;

    private final Redis redis;
    private final TaskKeys keys;
    private final EnqueueScript enqueue;
    /** What the ids of this process' ticks begin with. */
    private final String process = "tick-" + UUID.randomUUID();

    private final AtomicLong ticks = new AtomicLong();

    TickScript(Redis redis, TaskKeys keys, EnqueueScript enqueue) {
        this.redis = redis;
        this.keys = keys;
        this.enqueue = enqueue;
    }

    CompletionStage<Boolean> run(Schedule schedule, Optional<Instant> next, List<NewTask> tasks) {
        if (tasks.size() > TaskBroker.MOST) {
            throw new IllegalArgumentException("Recurring task " + schedule.name() + " of queue " + schedule.queue()
                    + " adds at most " + TaskBroker.MOST + " tasks at a time, not " + tasks.size());
        }
        return run(schedule, next, tasks, enqueue.likely(schedule.queue(), tasks));
    }

    private CompletionStage<Boolean> run(Schedule schedule, Optional<Instant> next, List<NewTask> tasks, Kind kind) {
        return redis.run(call(schedule, next, tasks, kind))
                .handle((reply, thrown) -> {
                    if (thrown != null) {
                        throw new CompletionException(refused(schedule, Await.unwrap(thrown)));
                    }
                    return Replies.list(reply);
                })
                .thenCompose(reply -> {
                    long status = Replies.number(reply.get(0));
                    if (status != OTHER_KIND) {
                        return CompletableFuture.completedStage(status == 1);
                    }
                    Kind real = Replies.text(reply.get(1)).equals("o") ? Kind.OWN : Kind.SHARED;
                    enqueue.learned(schedule.queue(), real);
                    return run(schedule, next, tasks, real);
                });
    }

    private static Throwable refused(Schedule schedule, Throwable thrown) {
        return thrown instanceof RedisErrorException answered && Refusal.isOutOfMemory(answered.error())
                ? new RefusedException("Redis is out of memory and evicts nothing: recurring task " + schedule.name()
                        + " of queue " + schedule.queue() + " did not tick, nothing was added: "
                        + answered.getMessage())
                : thrown;
    }

    private Script.Call call(Schedule schedule, Optional<Instant> next, List<NewTask> tasks, Kind kind) {
        List<String> names = new ArrayList<>(RedisScheduleStore.stored(keys, schedule.queue()));
        names.addAll(List.of(
                keys.queues(), keys.schedule(), keys.queue(schedule.queue()).clock()));
        String prefix = process + "." + ticks.incrementAndGet();
        List<Object> args = new ArrayList<>(List.of(
                schedule.name(),
                schedule.definition(),
                Times.ceilMillis(schedule.next()),
                next.map(when -> Long.toString(Times.ceilMillis(when))).orElse(""),
                String.valueOf(EnqueueScript.letter(kind)),
                prefix));
        if (!tasks.isEmpty()) {
            TaskBlock block = TaskBlock.of(keys, schedule.queue(), kind, prefix, 1, tasks);
            names.addAll(block.names());
            args.addAll(block.args());
        }
        return SCRIPT.call(names, args.toArray());
    }
}
