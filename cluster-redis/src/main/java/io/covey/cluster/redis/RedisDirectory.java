package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The members as a zset of virtual deadlines and one of when half of each lease is over, the rows as a hash for each
 * group, for each owner a set that notes which rows it has written, and a zset of the groups that have rows. All in one
 * slot.
 */
final class RedisDirectory implements Directory {
    private static final Script BEAT = Script.of("directory-beat", "gaps", "directory-clock");
    private static final Script PUT = Script.of("directory-put");
    private static final Script REMOVE = Script.of("directory-remove");
    private static final Script BURY = Script.of("directory-bury", "gaps", "directory-clock");
    /** Written even if Redis is out of memory: a few hundred bytes for each member. */
    private static final Set<String> VITAL = Set.of(NODES, DEAD);

    private static final int MOST_OVERDUE = 100;
    private static final int MOST_AT_ONCE = 500;

    private final Redis redis;
    private final Keys keys;

    RedisDirectory(Redis redis) {
        this.redis = redis;
        this.keys = redis.keys();
    }

    @Override
    public CompletionStage<Roster> beat(String owner, Duration lease, long known) {
        return redis.run(BEAT.call(
                        List.of(keys.membersClock(), keys.members(), keys.membersLate()),
                        RowFrame.checked("owner", owner),
                        Times.millis(lease),
                        known,
                        MOST_OVERDUE))
                .thenApply(reply -> {
                    List<Object> parts = Replies.list(reply);
                    boolean told = Replies.number(parts.get(3)) == 1;
                    return new Roster(
                            Replies.number(parts.get(0)) == 1,
                            Replies.number(parts.get(1)),
                            told ? Optional.of(texts(parts.get(4))) : Optional.empty(),
                            texts(parts.get(2)),
                            times(parts.get(5)));
                });
    }

    @Override
    public CompletionStage<List<Row>> bury(String owner, boolean self) {
        CompletableFuture<List<Row>> result = new CompletableFuture<>();
        bury(owner, self, new ArrayList<>(), result);
        return result;
    }

    private void bury(String owner, boolean self, List<Row> removed, CompletableFuture<List<Row>> result) {
        redis.send(RedisCommand.keyed("SRANDMEMBER", keys.owned(owner), MOST_AT_ONCE))
                .thenCompose(notes -> redis.run(buryCall(owner, self, Replies.list(notes))))
                .whenComplete((reply, thrown) -> {
                    if (thrown != null) {
                        result.completeExceptionally(Await.unwrap(thrown));
                        return;
                    }
                    List<Object> parts = Replies.list(reply);
                    for (int i = 1; i < parts.size(); i += 2) {
                        removed.add(RowFrame.read(Replies.text(parts.get(i)), Replies.bytes(parts.get(i + 1))));
                    }
                    if (Replies.text(parts.get(0)).equals("more")) {
                        bury(owner, self, removed, result);
                    } else {
                        result.complete(removed);
                    }
                });
    }

    private Script.Call buryCall(String owner, boolean self, List<Object> notes) {
        List<String> keysOfAll = new ArrayList<>(
                List.of(keys.membersClock(), keys.members(), keys.owned(owner), keys.membersLate(), keys.groups()));
        Map<String, Integer> groups = new HashMap<>();
        List<Object> args = new ArrayList<>(List.of(owner, self ? "1" : "0"));
        for (Object note : notes) {
            String text = Replies.text(note);
            args.add(groups.computeIfAbsent(RowFrame.group(text), group -> {
                keysOfAll.add(keys.rows(group));
                return keysOfAll.size();
            }));
            args.add(text);
        }
        return BURY.call(keysOfAll, args.toArray());
    }

    @Override
    public CompletionStage<Optional<Row>> put(Row row) {
        if (!row.owner().equals(NOBODY)) {
            RowFrame.checked("owner", row.owner());
        }
        RowFrame.checked("group", row.group());
        return put(row, "");
    }

    private CompletionStage<Optional<Row>> put(Row row, String before) {
        List<String> all = new ArrayList<>(
                List.of(keys.members(), keys.rows(row.group()), keys.groups(), keys.owned(row.owner())));
        if (!before.isEmpty()) {
            all.add(keys.owned(before));
        }
        String note = RowFrame.note(row.group(), row.member());
        String vital = VITAL.contains(row.group()) ? "1" : "0";
        return redis.run(PUT.call(all, row.owner(), row.member(), RowFrame.of(row), note, before, row.group(), vital))
                .thenCompose(reply -> {
                    List<Object> parts = Replies.list(reply);
                    return switch (Replies.text(parts.get(0))) {
                        case "ok" ->
                            CompletableFuture.completedStage(
                                    row(row.group(), row.member(), parts.size() < 2 ? null : parts.get(1)));
                        case "other" -> put(row, Replies.text(parts.get(1)));
                        default ->
                            CompletableFuture.failedStage(new IllegalStateException("The owner " + row.owner()
                                    + " is not known: it has not beaten yet or was buried; the row " + row.member()
                                    + " of " + row.group() + " was not written"));
                    };
                });
    }

    @Override
    public CompletionStage<Optional<Row>> remove(String group, String member, String owner) {
        return redis.run(REMOVE.call(
                        List.of(keys.rows(group), keys.groups(), keys.owned(owner)),
                        owner,
                        member,
                        RowFrame.note(group, member),
                        group))
                .thenApply(reply -> row(group, member, reply));
    }

    private static Optional<Row> row(String group, String member, @Nullable Object reply) {
        return reply == null ? Optional.empty() : Optional.of(RowFrame.read(group, member, Replies.bytes(reply)));
    }

    @Override
    public CompletionStage<Optional<Row>> find(String group, String member) {
        return redis.send(RedisCommand.keyed("HGET", keys.rows(group), member))
                .thenApply(reply -> row(group, member, reply));
    }

    @Override
    public CompletionStage<Page<Row>> page(String group, Optional<String> cursor, int limit) {
        return RowPages.next(redis, group, cursor, Math.max(1, Math.min(MOST_AT_ONCE, limit)));
    }

    @Override
    public CompletionStage<Page<String>> groups(String prefix, Optional<String> cursor, int limit) {
        int most = Math.max(1, limit);
        int last = prefix.length() - 1;
        String from = cursor.map(after -> "(" + after).orElse("[" + prefix);
        String to = "(" + prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
        return redis.send(RedisCommand.keyed("ZRANGE", keys.groups(), from, to, "BYLEX", "LIMIT", 0, most))
                .thenApply(reply -> {
                    List<String> names =
                            Replies.list(reply).stream().map(Replies::text).toList();
                    return new Page<>(names, names.size() < most ? Optional.empty() : Optional.of(names.get(most - 1)));
                });
    }

    @Override
    public CompletionStage<Map<String, Long>> counts(Set<String> groups) {
        if (groups.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        List<String> asked = List.copyOf(groups);
        return redis.sendAll(asked.stream()
                        .map(group -> RedisCommand.keyed("HLEN", keys.rows(group)))
                        .toList())
                .thenApply(replies -> {
                    Replies.failOnError(replies);
                    Map<String, Long> counts = new LinkedHashMap<>();
                    for (int i = 0; i < asked.size(); i++) {
                        counts.put(asked.get(i), Replies.number(replies.get(i)));
                    }
                    return counts;
                });
    }

    private static Map<String, Duration> times(Object list) {
        List<Object> parts = Replies.list(list);
        Map<String, Duration> times = new HashMap<>();
        for (int i = 0; i < parts.size(); i += 2) {
            times.put(Replies.text(parts.get(i)), Duration.ofMillis(Long.parseLong(Replies.text(parts.get(i + 1)))));
        }
        return times;
    }

    private static Set<String> texts(Object list) {
        return Replies.list(list).stream().map(Replies::text).collect(Collectors.toCollection(HashSet::new));
    }
}
