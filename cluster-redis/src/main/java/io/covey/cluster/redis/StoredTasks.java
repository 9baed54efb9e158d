package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds and removes tasks that wait or are delayed by what they are, as the tools of other fleets do. */
final class StoredTasks {
    private static final Script REMOVE_TYPE = Script.of("task/remove-type");
    private static final int PAGE = 500;
    private static final int SLACK = 2 * PAGE;

    private final Redis redis;
    private final TaskKeys keys;
    private final DelayedTasks delayed;
    private final KeptTasks kept;
    /** Stands for a moment, inside one script, where a task was. */
    private final String nothing = "covey " + UUID.randomUUID();

    StoredTasks(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
        this.delayed = new DelayedTasks(redis, keys);
        this.kept = new KeptTasks(redis, keys);
    }

    CompletionStage<Long> remove(String queue, String type, byte[] args) {
        List<byte[]> forms = JobForms.waiting(queue, type, args);
        Predicate<Content.Readable> which = alike(queue, type, args);
        return redis.send(RedisCommand.keyed("HGET", keys.queue(queue).clock(), "set"))
                .thenCompose(set ->
                        set != null && SettingsText.read(Replies.text(set)).kind() == Kind.OWN
                                ? removeAll(queue, which)
                                : remove(keys.queue(queue).list(), forms));
    }

    /** On a shared queue a task is nothing but its type and arguments, in some spellings. */
    private CompletionStage<Long> remove(String list, List<byte[]> forms) {
        List<RedisCommand> commands = forms.stream()
                .map(job -> RedisCommand.keyed("LREM", list, 0, job))
                .toList();
        return redis.sendAll(commands).thenApply(replies -> {
            Replies.failOnError(replies);
            return replies.stream().mapToLong(Replies::number).sum();
        });
    }

    CompletionStage<Long> removeType(String queue, String type) {
        return removeAll(queue, task -> task.type().equals(type));
    }

    private CompletionStage<Long> removeAll(String queue, Predicate<Content.Readable> which) {
        return new Search(keys.queue(queue), which)
                .page()
                .thenCompose(waiting -> kept.removeKeyed(queue, which).thenApply(keyed -> waiting + keyed));
    }

    CompletionStage<Long> removeDelayed(String queue, String type, byte[] args) {
        return delayed.remove(queue, type, args)
                .thenCompose(shared ->
                        kept.removeDelayed(queue, alike(queue, type, args)).thenApply(own -> shared + own));
    }

    CompletionStage<List<Instant>> delayedAt(String queue, String type, byte[] args) {
        return delayed.at(queue, type, args)
                .thenCompose(shared -> kept.delayedAt(queue, alike(queue, type, args))
                        .thenApply(own -> Stream.concat(shared.stream(), own.stream())
                                .sorted()
                                .toList()));
    }

    private static Predicate<Content.Readable> alike(String queue, String type, byte[] args) {
        byte[] wanted = ResqueJob.canonicalArgs(queue, type, args);
        return task ->
                task.type().equals(type) && Arrays.equals(wanted, ResqueJob.canonicalArgs(queue, type, task.args()));
    }

    /** Goes through a queue from its tail to its head. */
    private final class Search {
        private final TaskKeys.Queue queue;
        private final String list;
        private final Predicate<Content.Readable> which;
        private long looked;
        private long removed;

        Search(TaskKeys.Queue queue, Predicate<Content.Readable> which) {
            this.queue = queue;
            this.list = queue.list();
            this.which = which;
        }

        CompletionStage<Long> page() {
            return redis.send(RedisCommand.keyed("LRANGE", list, -looked - PAGE, -looked - 1))
                    .thenCompose(reply -> {
                        List<Object> page = Replies.list(reply);
                        List<byte[]> found = new ArrayList<>();
                        Map<byte[], Content.Readable> locked = new LinkedHashMap<>();
                        for (Object one : page) {
                            byte[] raw = Replies.bytes(one);
                            if (ResqueJob.read(raw).content() instanceof Content.Readable task && which.test(task)) {
                                if (task.unique().isPresent()) {
                                    locked.put(raw, task);
                                } else {
                                    found.add(raw);
                                }
                            }
                        }
                        if (page.isEmpty()) {
                            return CompletableFuture.completedStage(removed);
                        }
                        return unlock(locked)
                                .thenCompose(gone ->
                                        found.isEmpty() ? next(page.size() - gone) : remove(page.size() - gone, found));
                    });
        }

        /** Those that hold a lock, each in one step with freeing it. */
        private CompletionStage<Integer> unlock(Map<byte[], Content.Readable> locked) {
            if (locked.isEmpty()) {
                return CompletableFuture.completedStage(0);
            }
            List<Script.Call> calls = new ArrayList<>();
            locked.forEach((raw, task) -> calls.add(KeptTasks.removal(keys, queue, "", "", raw, task)));
            return redis.runAll(calls).thenApply(replies -> {
                Replies.failOnError(replies);
                int gone = 0;
                for (Object reply : replies) {
                    gone += (int) Replies.number(Replies.list(reply).get(0));
                }
                removed += gone;
                return gone;
            });
        }

        /** If some of them moved away meanwhile, this page is read again. */
        private CompletionStage<Long> remove(int size, List<byte[]> found) {
            List<Object> args = new ArrayList<>(List.of(looked, size + SLACK, nothing));
            Set<String> distinct =
                    found.stream().map(raw -> new String(raw, UTF_8)).collect(Collectors.toSet());
            args.addAll(distinct);
            return redis.run(REMOVE_TYPE.call(List.of(list), args.toArray())).thenCompose(reply -> {
                long count = Replies.number(Replies.list(reply).get(0));
                removed += count;
                return count < found.size() ? page() : next(size - found.size());
            });
        }

        private CompletionStage<Long> next(int kept) {
            looked += kept;
            return page();
        }
    }
}
