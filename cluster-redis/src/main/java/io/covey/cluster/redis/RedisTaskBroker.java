package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueControl;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Tasks in the queues of resque, with leases and fences beside them. One script a call and queue, one round trip a call. */
final class RedisTaskBroker implements TaskBroker, AutoCloseable {
    private static final Script BEAT = Script.of("task/beat", "task/lib");

    private final Redis redis;
    private final TaskKeys keys;
    private final EnqueueScript enqueue;
    private final TurnScript turn;
    private final QueueWatch watch;
    private final TaskInspector inspector;
    private final QueueControl control;
    private final TaskNotes notes;
    private final WorkerRegistry workers;

    RedisTaskBroker(Redis redis) {
        this.redis = redis;
        this.keys = new TaskKeys(redis.keys());
        this.enqueue = new EnqueueScript(keys);
        this.turn = new TurnScript(keys);
        this.watch = new QueueWatch(redis, keys);
        this.inspector = new RedisTaskInspector(redis, keys);
        this.control = new RedisQueueControl(redis, keys);
        this.notes = new RedisTaskNotes(redis, keys);
        this.workers = new RedisWorkerRegistry(redis, keys);
    }

    /** A silence longer than this is cut out of a queue's virtual clock: two beats of a fifth of the lease. */
    static long gap(Duration lease) {
        return Math.max(1, lease.toMillis() * 2 / 5);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
        most("tasks to enqueue", tasks.size());
        return redis.runConfirmed(enqueue.call(queue, call, tasks))
                .handle((reply, thrown) -> {
                    if (thrown != null) {
                        throw new CompletionException(refused(queue, tasks.size(), Await.unwrap(thrown)));
                    }
                    return EnqueueScript.answer(call, tasks, Replies.list(reply));
                })
                .thenCompose(answer -> confirmed(queue, answer));
    }

    /** A replay has written nothing, and replicas may lack what the call wrote before. */
    private CompletionStage<Enqueued> confirmed(String queue, Enqueued answer) {
        return answer.status() == Status.REPLAY
                ? redis.confirm(RedisCommand.keyed("HSET", keys.queue(queue).lanes(), "", 0))
                        .thenApply(done -> answer)
                : CompletableFuture.completedStage(answer);
    }

    private Throwable refused(String queue, int count, Throwable thrown) {
        if (!(thrown instanceof RedisErrorException answered)) {
            return thrown;
        }
        String what = count + (count == 1 ? " task" : " tasks") + " for queue " + queue;
        if (Refusal.isOutOfMemory(answered.error())) {
            return new TransportException(
                    "Redis is out of memory and evicts nothing: " + what + " refused, nothing was added: "
                            + answered.getMessage(),
                    thrown);
        }
        if (Refusal.code(answered.error()).equals("WRONGTYPE")) {
            return new TransportException(
                    keys.queue(queue).list() + " is no list, another fleet (jesque?) keeps something else there: "
                            + what + " refused, nothing was added",
                    thrown);
        }
        return thrown;
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        List<TurnScript.Question> questions = new ArrayList<>(turns.size());
        List<Script.Call> calls = new ArrayList<>(turns.size());
        for (Turn one : turns) {
            most("settlements of one queue", one.settlements().size());
            most("tasks to claim", one.limit());
            TurnScript.Question question = turn.question(one);
            questions.add(question);
            calls.add(question.call());
        }
        return redis.runAll(calls).thenApply(replies -> {
            Replies.failOnError(replies);
            List<TurnAnswer> answers = new ArrayList<>(replies.size());
            for (int i = 0; i < replies.size(); i++) {
                answers.add(turn.answer(questions.get(i), Replies.list(replies.get(i))));
            }
            return answers;
        });
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
            calls.add(BEAT.call(keys.queue(group.get(0).queue()).all(), args.toArray()));
        }
        return redis.runAll(calls).thenApply(replies -> {
            Replies.failOnError(replies);
            Set<Held> lost = new HashSet<>();
            for (int i = 0; i < replies.size(); i++) {
                for (Object position : Replies.list(replies.get(i))) {
                    lost.add(groups.get(i).get((int) Replies.number(position) - 1));
                }
            }
            return new BeatAnswer(lost, Set.of());
        });
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        return new UpkeepRun(redis, keys, gap(lease), maxDeliveries).start(queues);
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        return watch.add(queues, hint);
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
