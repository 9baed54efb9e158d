package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds keys by their prefix, with SCAN; on Redis Cluster one master after the other. A master is addressed by a first
 * MATCH whose pattern is the name of one of its slots and routes the command; Redis takes the last MATCH.
 */
final class KeyScan {
    private static final Pattern CURSOR = Pattern.compile("([0-9]+)(?:@([0-9]+)/([0-9a-f]+))?");
    private static final int LEAST = 10;
    private static final int MOST = 1000;

    private final Redis redis;

    KeyScan(Redis redis) {
        this.redis = redis;
    }

    /** Where a scan stands: in Redis' words, and on a cluster the first slot of the master and the master's id. */
    private record Position(String cursor, int slot, String node) {

        static Position read(String text) {
            Matcher matcher = CURSOR.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Not a cursor of this store: \"" + text + "\"");
            }
            return matcher.group(2) == null
                    ? new Position(matcher.group(1), 0, "")
                    : new Position(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3));
        }

        String text() {
            return node.isEmpty() ? cursor : cursor + "@" + slot + "/" + node;
        }
    }

    CompletionStage<Page<String>> page(String prefix, Optional<String> cursor, int limit) {
        Position from;
        try {
            from = cursor.map(Position::read).orElse(new Position("0", 0, ""));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        if (!redis.cluster()) {
            return scan(prefix, from, Optional.empty(), limit);
        }
        return masters().thenCompose(masters -> {
            Map.Entry<Integer, String> here = masters.ceilingEntry(from.slot());
            if (here == null) {
                return CompletableFuture.completedStage(new Page<>(List.of(), Optional.empty()));
            }
            boolean same = here.getKey() == from.slot() && here.getValue().equals(from.node());
            // Another master has another order of keys, in which the old cursor means nothing.
            Position at = new Position(same ? from.cursor() : "0", here.getKey(), here.getValue());
            Optional<Position> after = Optional.ofNullable(masters.higherEntry(here.getKey()))
                    .map(next -> new Position("0", next.getKey(), next.getValue()));
            return scan(prefix, at, after, limit);
        });
    }

    private CompletionStage<Page<String>> scan(String prefix, Position at, Optional<Position> after, int limit) {
        String pattern = Keys.glob(prefix) + "*";
        String count = Integer.toString(Math.max(LEAST, Math.min(MOST, limit)));
        RedisCommand plain = RedisCommand.of("SCAN", at.cursor(), "MATCH", pattern, "COUNT", count);
        RedisCommand routed = at.node().isEmpty()
                ? plain
                : new RedisCommand(
                        "SCAN",
                        RedisCommand.of(
                                        "SCAN",
                                        at.cursor(),
                                        "MATCH",
                                        HashSlots.name(at.slot()),
                                        "MATCH",
                                        pattern,
                                        "COUNT",
                                        count)
                                .args(),
                        2);
        return redis.send(routed).thenApply(reply -> {
            List<Object> parts = Replies.list(reply);
            String next = Replies.text(parts.get(0));
            List<String> names =
                    Replies.list(parts.get(1)).stream().map(Replies::text).toList();
            Optional<Position> position =
                    next.equals("0") ? after : Optional.of(new Position(next, at.slot(), at.node()));
            return new Page<>(names, position.map(Position::text));
        });
    }

    /** For each master the first of its slots, and its id. */
    private CompletionStage<TreeMap<Integer, String>> masters() {
        return redis.send(RedisCommand.of("CLUSTER", "SLOTS")).thenApply(reply -> {
            TreeMap<Integer, String> byFirst = new TreeMap<>();
            for (Object range : Replies.list(reply)) {
                List<Object> parts = Replies.list(range);
                int first = (int) Replies.number(parts.get(0));
                byFirst.put(first, Replies.text(Replies.list(parts.get(2)).get(2)));
            }
            TreeMap<Integer, String> masters = new TreeMap<>();
            byFirst.forEach((first, id) -> {
                if (!masters.containsValue(id)) {
                    masters.put(first, id);
                }
            });
            return masters;
        });
    }

    /** Removes all keys with a prefix that are there all the while. */
    CompletionStage<Long> unlink(String prefix) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        unlinkFrom(prefix, Optional.empty(), 0, result);
        return result;
    }

    private void unlinkFrom(String prefix, Optional<String> cursor, long before, CompletableFuture<Long> result) {
        page(prefix, cursor, MOST)
                .thenCompose(page -> unlink(page.items()).thenApply(n -> new Page<>(List.of(before + n), page.next())))
                .whenComplete((page, thrown) -> {
                    if (thrown != null) {
                        result.completeExceptionally(Await.unwrap(thrown));
                    } else if (page.next().isEmpty()) {
                        result.complete(page.items().get(0));
                    } else {
                        unlinkFrom(prefix, page.next(), page.items().get(0), result);
                    }
                });
    }

    private CompletionStage<Long> unlink(List<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedStage(0L);
        }
        if (!redis.cluster()) {
            return redis.send(RedisCommand.keyed("UNLINK", names.toArray())).thenApply(Replies::number);
        }
        return redis.sendAll(names.stream()
                        .map(name -> RedisCommand.keyed("UNLINK", name))
                        .toList())
                .thenApply(replies -> {
                    Replies.failOnError(replies);
                    return replies.stream().mapToLong(Replies::number).sum();
                });
    }
}
