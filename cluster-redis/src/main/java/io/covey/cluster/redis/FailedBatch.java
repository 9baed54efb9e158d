package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueControl.Changed;
import io.covey.cluster.spi.QueueControl.Listed;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * Many failed tasks at once, by their places: to find an entry by its bytes Redis looks at all that are newer. What is not
 * where it was, or cannot be added with the others, is left to {@link FailedList}, one by one.
 */
final class FailedBatch {
    private static final Script SCRIPT = Script.of("task/failed-many", "task/add");
    private static final int MOST_ROUNDS = 3;
    /** How many entries a script goes past to mark its own, so that it keeps Redis no longer than one that is looked for. */
    private static final long LONGEST_WAY = 20_000_000;

    private static final long GONE = 1;
    private static final long OTHER_KIND = 2;

    private final Redis redis;
    private final TaskKeys keys;
    private final FailedList single;
    /** What stands in the list while a script runs, and is no entry of anybody's. */
    private final String mark = "covey-" + UUID.randomUUID();

    FailedBatch(Redis redis, TaskKeys keys, FailedList single) {
        this.redis = redis;
        this.keys = keys;
        this.single = single;
    }

    /** One on its way; again unless it is dropped. */
    private record Entry(Listed listed, Optional<FailedList.Again> again) {
        FailedTask task() {
            return listed.task();
        }

        boolean rich(Set<String> shared) {
            return again.orElseThrow().isRich() && !shared.contains(task().queue());
        }
    }

    CompletionStage<Changed> drop(List<Listed> listed) {
        return inSteps(
                listed.stream().map(one -> new Entry(one, Optional.empty())).toList());
    }

    CompletionStage<Changed> retry(List<Listed> listed) {
        List<Entry> entries = new ArrayList<>(listed.size());
        List<RefusedException> refused = new ArrayList<>();
        for (Listed one : listed) {
            try {
                entries.add(new Entry(one, Optional.of(single.again(one.task()))));
            } catch (RefusedException e) {
                refused.add(e);
            }
        }
        return forgetFailures(entries)
                .thenCompose(gone -> inSteps(entries))
                .thenApply(new Changed(0, List.copyOf(refused))::and);
    }

    /** Before they run again, as {@link FailedList} does. */
    private CompletionStage<?> forgetFailures(List<Entry> entries) {
        List<RedisCommand> notes = entries.stream()
                .flatMap(entry -> entry.again().flatMap(single::note).stream())
                .map(note -> RedisCommand.keyed("DEL", note))
                .toList();
        return redis.sendAll(notes).thenAccept(Replies::failOnError);
    }

    /** The newest first, so that those that are gone leave the others where they were. */
    private CompletionStage<Changed> inSteps(List<Entry> entries) {
        List<Entry> sorted = entries.stream()
                .sorted(Comparator.comparingLong((Entry entry) -> entry.listed().place())
                        .reversed())
                .toList();
        return redis.send(RedisCommand.keyed("LLEN", keys.failed())).thenCompose(length -> {
            CompletionStage<Changed> sum = CompletableFuture.completedStage(Changed.none());
            for (List<Entry> step : steps(sorted, Replies.number(length))) {
                sum = sum.thenCompose(done -> go(step, Set.of(), MOST_ROUNDS).thenApply(done::and));
            }
            return sum;
        });
    }

    /** To mark one Redis goes to it from the nearer end of the list. */
    private static List<List<Entry>> steps(List<Entry> sorted, long length) {
        List<List<Entry>> steps = new ArrayList<>();
        long left = 0;
        for (Entry entry : sorted) {
            long place = entry.listed().place();
            long way = Math.max(0, Math.min(place, length - place));
            if (way > left || steps.isEmpty()) {
                steps.add(new ArrayList<>());
                left = LONGEST_WAY;
            }
            left -= way;
            steps.get(steps.size() - 1).add(entry);
        }
        return steps;
    }

    /**
     * @param entries the newest first
     * @param shared queues that are known to be none of ours
     * @param rounds how often to try before it is done one by one
     */
    private CompletionStage<Changed> go(List<Entry> entries, Set<String> shared, int rounds) {
        if (entries.isEmpty()) {
            return CompletableFuture.completedStage(Changed.none());
        }
        if (rounds == 0) {
            return oneByOne(entries);
        }
        Blocks blocks = new Blocks(entries, shared);
        return redis.run(blocks.call())
                .handle((reply, thrown) ->
                        thrown == null ? after(entries, shared, blocks, reply, rounds) : refused(entries, thrown))
                .thenCompose(next -> next);
    }

    private CompletionStage<Changed> after(
            List<Entry> entries, Set<String> shared, Blocks blocks, Object reply, int rounds) {
        List<Object> parts = Replies.list(reply);
        long status = Replies.number(parts.get(0));
        if (status == OTHER_KIND) {
            Set<String> more = new HashSet<>(shared);
            more.addAll(blocks.shared(Replies.text(parts.get(1))));
            return go(entries, more, rounds - 1);
        }
        if (status != GONE) {
            return CompletableFuture.completedStage(new Changed(entries.size(), List.of()));
        }
        List<Entry> there = new ArrayList<>(entries);
        List<Entry> elsewhere = new ArrayList<>();
        for (Object number : Replies.list(parts.get(1))) {
            Entry entry = entries.get((int) Replies.number(number) - 1);
            there.remove(entry);
            elsewhere.add(entry);
        }
        return go(there, shared, rounds - 1)
                .thenCompose(done -> oneByOne(elsewhere).thenApply(done::and));
    }

    /** Nothing was done. One of them may have a queue that another fleet keeps something else in. */
    private CompletionStage<Changed> refused(List<Entry> entries, Throwable thrown) {
        Throwable cause = Await.unwrap(thrown);
        return cause instanceof RedisErrorException answered
                        && Refusal.code(answered.error()).equals("WRONGTYPE")
                ? oneByOne(entries)
                : CompletableFuture.failedStage(cause);
    }

    private CompletionStage<Changed> oneByOne(List<Entry> entries) {
        if (entries.isEmpty()) {
            return CompletableFuture.completedStage(Changed.none());
        }
        boolean retries = entries.get(0).again().isPresent();
        return Changed.oneByOne(entries.stream().map(Entry::listed).toList(), retries ? single::retry : single::drop);
    }

    /** What the script is given of entries, sorted by place, the newest first: those with a key or a lock apart from the others. */
    private final class Blocks {
        private final List<Entry> entries;
        private final Map<String, List<Entry>> rich = new LinkedHashMap<>();
        private final Map<String, List<Entry>> plain = new LinkedHashMap<>();

        Blocks(List<Entry> entries, Set<String> shared) {
            this.entries = entries;
            for (Entry entry : entries) {
                if (entry.again().isPresent()) {
                    (entry.rich(shared) ? rich : plain)
                            .computeIfAbsent(entry.task().queue(), queue -> new ArrayList<>())
                            .add(entry);
                }
            }
        }

        Script.Call call() {
            List<String> names = new ArrayList<>(List.of(keys.failed(), keys.queues()));
            rich.keySet().forEach(queue -> names.add(keys.queue(queue).clock()));
            List<Object> args = new ArrayList<>(List.of(
                    mark, entries.size(), "again-" + UUID.randomUUID(), rich.size() + plain.size(), rich.size()));
            for (Entry entry : entries) {
                args.add(entry.listed().place());
                args.add(entry.task().entry());
            }
            rich.forEach((queue, some) -> add(names, args, TaskBlock.again(keys, queue, agains(some), true)));
            plain.forEach((queue, some) -> add(names, args, TaskBlock.again(keys, queue, agains(some), false)));
            return SCRIPT.call(names, args.toArray());
        }

        /** Those of the queues with such tasks that have another kind. */
        List<String> shared(String kinds) {
            List<String> queues = List.copyOf(rich.keySet());
            return IntStream.range(0, queues.size())
                    .filter(i -> kinds.charAt(i) != 'o')
                    .mapToObj(queues::get)
                    .toList();
        }
    }

    private static void add(List<String> names, List<Object> args, TaskBlock block) {
        names.addAll(block.names());
        args.addAll(block.args());
    }

    private static List<FailedList.Again> agains(List<Entry> entries) {
        return entries.stream().map(entry -> entry.again().orElseThrow()).toList();
    }
}
