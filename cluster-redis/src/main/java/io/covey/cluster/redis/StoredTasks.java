package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.TaskBroker.Content;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        String list = keys.queue(queue).list();
        List<RedisCommand> commands = JobForms.waiting(queue, type, args).stream()
                .map(job -> RedisCommand.keyed("LREM", list, 0, job))
                .toList();
        return redis.sendAll(commands).thenApply(replies -> {
            Replies.failOnError(replies);
            return replies.stream().mapToLong(Replies::number).sum();
        });
    }

    CompletionStage<Long> removeType(String queue, String type) {
        return new Search(keys.queue(queue).list(), type)
                .page()
                .thenCompose(
                        waiting -> kept.removeKeyed(queue, task -> task.type().equals(type))
                                .thenApply(keyed -> waiting + keyed));
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
        private final String list;
        private final String type;
        private long looked;
        private long removed;

        Search(String list, String type) {
            this.list = list;
            this.type = type;
        }

        CompletionStage<Long> page() {
            return redis.send(RedisCommand.keyed("LRANGE", list, -looked - PAGE, -looked - 1))
                    .thenCompose(reply -> {
                        List<byte[]> page = new ArrayList<>();
                        Replies.list(reply).forEach(raw -> page.add(Replies.bytes(raw)));
                        List<byte[]> found = page.stream().filter(this::matches).toList();
                        if (page.isEmpty()) {
                            return CompletableFuture.completedStage(removed);
                        }
                        return found.isEmpty() ? next(page.size()) : remove(page.size(), found);
                    });
        }

        private boolean matches(byte[] raw) {
            return ResqueJob.read(raw).content() instanceof Content.Readable task
                    && task.type().equals(type);
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
