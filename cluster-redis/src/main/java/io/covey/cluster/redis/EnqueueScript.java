package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Adds tasks. Their bytes depend on the kind of their queue, which only the script knows: the bytes are made for the kind
 * that the queue had last time, and made again if the script says that it is another.
 */
final class EnqueueScript {
    private static final Script SCRIPT = Script.of("task/enqueue", "task/add");
    private static final int OTHER_KIND = 4;
    private static final int MOST_KNOWN = 10_000;
    private static final Status[] STATUS = Status.values();

    private final Redis redis;
    private final TaskKeys keys;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    EnqueueScript(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<List<Enqueued>> send(Call call, List<Batch> batches) {
        Set<String> queues = new HashSet<>();
        for (Batch batch : batches) {
            if (batch.tasks().isEmpty()) {
                throw new IllegalArgumentException(
                        "There must be at least one task to enqueue to queue " + batch.queue());
            }
            if (!queues.add(batch.queue())) {
                throw new IllegalArgumentException("There must be at most one batch for queue " + batch.queue());
            }
        }
        List<Kind> taken = batches.stream().map(this::likely).toList();
        return send(call, batches, taken);
    }

    private Kind likely(Batch batch) {
        return likely(batch.queue(), batch.tasks());
    }

    /** What to take a queue for at first. */
    Kind likely(String queue, List<NewTask> tasks) {
        return TaskBlock.needsOwn(tasks) ? Kind.OWN : kinds.getOrDefault(queue, Kind.SHARED);
    }

    /** What a queue's kind was found to be, for the next time. */
    void learned(String queue, Kind kind) {
        if (kinds.size() >= MOST_KNOWN) {
            kinds.clear();
        }
        if (kind == Kind.OWN) {
            kinds.put(queue, kind);
        } else {
            kinds.remove(queue);
        }
    }

    private CompletionStage<List<Enqueued>> send(Call call, List<Batch> batches, List<Kind> taken) {
        return redis.runConfirmed(call(call, batches, taken))
                .handle((reply, thrown) -> {
                    if (thrown != null) {
                        throw new CompletionException(refused(batches, Await.unwrap(thrown)));
                    }
                    return Replies.list(reply);
                })
                .thenCompose(reply -> {
                    if (Replies.number(reply.get(0)) != OTHER_KIND) {
                        return confirmed(batches, answer(call, batches, reply));
                    }
                    String letters = Replies.text(reply.get(1));
                    List<Kind> real = new ArrayList<>();
                    for (int i = 0; i < batches.size(); i++) {
                        real.add(letters.charAt(i) == 'o' ? Kind.OWN : Kind.SHARED);
                        learned(batches.get(i).queue(), real.get(i));
                    }
                    return send(call, batches, real);
                });
    }

    /** A replay has written nothing, and replicas may lack what the call wrote before. */
    private CompletionStage<List<Enqueued>> confirmed(List<Batch> batches, List<Enqueued> answers) {
        String lanes = keys.queue(batches.get(0).queue()).lanes();
        return answers.get(0).status() == Status.REPLAY
                ? redis.confirm(RedisCommand.keyed("HSET", lanes, "", 0)).thenApply(done -> answers)
                : CompletableFuture.completedStage(answers);
    }

    private Script.Call call(Call call, List<Batch> batches, List<Kind> taken) {
        List<String> names = new ArrayList<>();
        List<Object> args = new ArrayList<>();
        StringBuilder letters = new StringBuilder();
        names.add(keys.queue(batches.get(0).queue()).lanes());
        names.add(keys.queues());
        names.add(keys.schedule());
        args.add(call.lane());
        args.add(call.seq());
        batches.forEach(batch -> names.add(keys.queue(batch.queue()).clock()));
        taken.forEach(kind -> letters.append(letter(kind)));
        args.add(letters.toString());
        String prefix = prefix(call, batches);
        int number = 1;
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            TaskBlock block = TaskBlock.of(keys, batch.queue(), taken.get(i), prefix, number, batch.tasks());
            names.addAll(block.names());
            args.addAll(block.args());
            number += batch.tasks().size();
        }
        return SCRIPT.call(names, args.toArray());
    }

    static char letter(Kind kind) {
        return kind == Kind.OWN ? 'o' : 's';
    }

    /** The lane is the first queue's: in the others one of the same name may be at the same step. */
    private static String prefix(Call call, List<Batch> batches) {
        String step = call.lane() + "." + call.seq();
        return batches.size() == 1 ? step : step + "@" + batches.get(0).queue();
    }

    private static List<Enqueued> answer(Call call, List<Batch> batches, List<Object> reply) {
        Status status = STATUS[(int) Replies.number(reply.get(0))];
        String codes = Replies.text(reply.get(1));
        String prefix = prefix(call, batches);
        List<Enqueued> answers = new ArrayList<>(batches.size());
        int number = 0;
        for (Batch batch : batches) {
            List<String> receipts = new ArrayList<>(batch.tasks().size());
            List<Boolean> accepted = new ArrayList<>(batch.tasks().size());
            if (status == Status.OK || status == Status.REPLAY) {
                for (NewTask task : batch.tasks()) {
                    int place = number++;
                    receipts.add(task.id().orElseGet(() -> prefix + "." + (place + 1)));
                    accepted.add(codes.isEmpty() || codes.charAt(place) == '1');
                }
            }
            answers.add(new Enqueued(status, receipts, accepted));
        }
        return answers;
    }

    private Throwable refused(List<Batch> batches, Throwable thrown) {
        if (!(thrown instanceof RedisErrorException answered)) {
            return thrown;
        }
        int count = batches.stream().mapToInt(batch -> batch.tasks().size()).sum();
        String what = count + (count == 1 ? " task" : " tasks") + " for "
                + batches.stream().map(batch -> "queue " + batch.queue()).collect(Collectors.joining(" and "));
        if (Refusal.isOutOfMemory(answered.error())) {
            return new RefusedException("Redis is out of memory and evicts nothing: " + what
                            + " refused, nothing was added: " + answered.getMessage())
                    .initCause(thrown);
        }
        if (Refusal.code(answered.error()).equals("WRONGTYPE")) {
            return new RefusedException(keys.queue(batches.get(0).queue()).list()
                            + (batches.size() == 1 ? "" : " or another of these")
                            + " is no list, another fleet (jesque?) keeps something else there: " + what
                            + " refused, nothing was added")
                    .initCause(thrown);
        }
        return thrown;
    }
}
