package io.covey.cluster.redis;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Recurring tasks beside the queue that theirs go to, in its slot. */
final class RedisScheduleStore implements ScheduleStore {
    private static final Script PUT = Script.of("recurring/put");
    private static final Script REMOVE = Script.of("recurring/remove");
    private static final Script LIST = Script.of("recurring/list");
    private static final int LONGEST = 64 << 10;
    private static final int FIELDS = 3;

    private final Redis redis;
    private final TaskKeys keys;
    private final TickScript tick;

    RedisScheduleStore(Redis redis, TaskKeys keys, EnqueueScript enqueue) {
        this.redis = redis;
        this.keys = keys;
        this.tick = new TickScript(redis, keys, enqueue);
    }

    @Override
    public CompletionStage<Boolean> put(String queue, String name, byte[] definition, Instant next) {
        Names.check("recurring task", name);
        if (definition.length > LONGEST) {
            throw new IllegalArgumentException("The definition of recurring task " + name + " of queue " + queue
                    + " has " + definition.length + " bytes, the limit is " + LONGEST);
        }
        List<String> names = new ArrayList<>(stored(keys, queue));
        names.add(keys.queues());
        return redis.run(PUT.call(names, name, definition, Times.ceilMillis(next), queue))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    /** The keys of the definitions and of the times. */
    static List<String> stored(TaskKeys keys, String queue) {
        TaskKeys.Queue its = keys.queue(queue);
        return List.of(its.schedules(), its.schedulesDue());
    }

    @Override
    public CompletionStage<Boolean> remove(String queue, String name) {
        return redis.run(REMOVE.call(stored(keys, queue), name))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    @Override
    public CompletionStage<List<Schedule>> list(Set<String> queues) {
        return read(queues, "all", 0)
                .thenApply(due -> due.schedules().stream()
                        .sorted(Comparator.comparing(Schedule::queue).thenComparing(Schedule::name))
                        .toList());
    }

    @Override
    public CompletionStage<Due> due(Set<String> queues, int skip) {
        return read(queues, "due", skip);
    }

    private CompletionStage<Due> read(Set<String> queues, String which, int skip) {
        List<String> names = List.copyOf(queues);
        List<Script.Call> calls = names.stream()
                .map(queue -> LIST.call(stored(keys, queue), which, skip))
                .toList();
        return redis.runAll(calls).thenApply(replies -> {
            Replies.failOnError(replies);
            List<Schedule> schedules = new ArrayList<>();
            long now = 0;
            for (int i = 0; i < names.size(); i++) {
                List<Object> reply = Replies.list(replies.get(i));
                now = Math.max(now, Replies.number(reply.get(0)));
                for (int j = 1; j < reply.size(); j += FIELDS) {
                    schedules.add(new Schedule(
                            names.get(i),
                            Replies.text(reply.get(j)),
                            Replies.bytes(reply.get(j + 1)),
                            Instant.ofEpochMilli(Replies.number(reply.get(j + 2)))));
                }
            }
            schedules.sort(Comparator.comparing(Schedule::next));
            return new Due(List.copyOf(schedules), Instant.ofEpochMilli(now));
        });
    }

    @Override
    public CompletionStage<Boolean> tick(Schedule schedule, Optional<Instant> next, List<NewTask> tasks) {
        return tick.run(schedule, next, tasks);
    }
}
