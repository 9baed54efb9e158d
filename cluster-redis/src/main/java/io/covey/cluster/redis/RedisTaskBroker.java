package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.spi.WorkerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Tasks in the queues of resque, with leases and fences beside them. One script a call and queue, one round trip a call. */
final class RedisTaskBroker implements TaskBroker, AutoCloseable {
    private static final Script BEAT = Script.of("task/beat", "gaps", "task/lib");
    private static final Script HOLDINGS = Script.of("task/holdings");
    private static final int PORTION = 500;

    private final Redis redis;
    private final TaskKeys keys;
    private final EnqueueScript enqueue;
    private final TurnScript turn;
    private final QueueWatch watch;
    private final TaskInspector inspector;
    private final QueueControl control;
    private final TaskNotes notes;
    private final WorkerRegistry workers;
    private final ScheduleStore schedules;
    private final StrayTasks strays;

    RedisTaskBroker(Redis redis) {
        this.redis = redis;
        this.keys = new TaskKeys(redis.keys());
        this.enqueue = new EnqueueScript(redis, keys);
        this.turn = new TurnScript(redis, keys);
        this.watch = new QueueWatch(redis, keys);
        this.inspector = new RedisTaskInspector(redis, keys);
        this.control = new RedisQueueControl(redis, keys);
        this.notes = new RedisTaskNotes(redis, keys);
        this.workers = new RedisWorkerRegistry(redis, keys);
        this.schedules = new RedisScheduleStore(redis, keys, enqueue);
        this.strays = new StrayTasks(redis, keys);
    }

    /** A silence longer than this is cut out of a queue's virtual clock: two beats of a fifth of the lease. */
    static long gap(Duration lease) {
        return Math.max(1, lease.toMillis() * 2 / 5);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
        most("tasks to enqueue", tasks.size());
        return enqueue.send(call, List.of(new Batch(queue, tasks))).thenApply(answers -> answers.get(0));
    }

    @Override
    public CompletionStage<List<Enqueued>> enqueueAll(Call call, List<Batch> batches) {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("There must be at least one batch to enqueue");
        }
        most(
                "tasks to enqueue",
                batches.stream().mapToInt(batch -> batch.tasks().size()).sum());
        return enqueue.send(call, batches);
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        for (Turn one : turns) {
            most("settlements of one queue", one.settlements().size());
            most("tasks to claim", one.limit());
        }
        return turn.send(turns);
    }

    @Override
    public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
        Map<String, List<Held>> byQueue = new LinkedHashMap<>();
        held.forEach(one ->
                byQueue.computeIfAbsent(one.queue(), queue -> new ArrayList<>()).add(one));
        List<List<Held>> groups = new ArrayList<>(byQueue.values());
        List<Script.Call> calls = new ArrayList<>(groups.size());
        for (List<Held> group : groups) {
            most("tasks of one queue to hold", group.size());
            List<Object> args = new ArrayList<>(3 + 2 * group.size());
            args.add(gap(lease));
            args.add(owner);
            args.add(lease.toMillis());
            for (Held one : group) {
                args.add(one.id());
                args.add(TurnScript.fence(one.fence()));
            }
            calls.add(BEAT.call(keys.queue(group.get(0).queue()).full(), args.toArray()));
        }
        return redis.runAll(calls).thenApply(replies -> {
            Replies.failOnError(replies);
            Set<Held> lost = new HashSet<>();
            Set<String> cancelled = new HashSet<>();
            for (int i = 0; i < replies.size(); i++) {
                List<Object> reply = Replies.list(replies.get(i));
                for (Object position : Replies.list(reply.get(0))) {
                    lost.add(groups.get(i).get((int) Replies.number(position) - 1));
                }
                Replies.list(reply.get(1)).forEach(id -> cancelled.add(Replies.text(id)));
            }
            return new BeatAnswer(lost, cancelled);
        });
    }

    @Override
    public CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
        return redis.run(HOLDINGS.call(List.of(keys.queue(queue).meta()), owner, cursor.orElse("0"), PORTION))
                .thenApply(answer -> {
                    List<Object> reply = Replies.list(answer);
                    List<Object> found = Replies.list(reply.get(1));
                    List<Held> held = new ArrayList<>(found.size() / 2);
                    for (int i = 0; i < found.size(); i += 2) {
                        held.add(new Held(
                                queue, Replies.text(found.get(i)), Long.parseLong(Replies.text(found.get(i + 1)))));
                    }
                    String next = Replies.text(reply.get(0));
                    return new Page<>(List.copyOf(held), next.isEmpty() ? Optional.empty() : Optional.of(next));
                });
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        strays.look();
        return new UpkeepRun(redis, keys, gap(lease), maxDeliveries).start(queues);
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        return watch.add(queues, hint);
    }

    @Override
    public void reconnect() {
        redis.reconnect();
        watch.reconnect();
    }

    @Override
    public TaskInspector inspector() {
        return inspector;
    }

    @Override
    public Optional<QueueControl> control() {
        return Optional.of(control);
    }

    @Override
    public Optional<TaskNotes> notes() {
        return Optional.of(notes);
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return Optional.of(schedules);
    }

    @Override
    public Optional<WorkerRegistry> workers() {
        return Optional.of(workers);
    }

    @Override
    public void close() {
        watch.close();
    }

    private static void most(String what, int count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException(what + " must be at most " + MOST + " in one call, were " + count);
        }
    }
}
