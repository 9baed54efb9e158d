package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds keys by their prefix, with SCAN; on Redis Cluster one master after the other. A master is addressed by a first
 * MATCH whose pattern is the name of one of its slots and routes the command; Redis takes the last MATCH.
 */
final class KeyScan {
    private static final Pattern CURSOR = Pattern.compile("([0-9]+)(?:@([0-9a-f]+)(?:/([0-9a-f,]+))?)?");
    private static final int LEAST = 10;
    private static final int MOST = 1000;

    private final Redis redis;

    KeyScan(Redis redis) {
        this.redis = redis;
    }

    /** Where a scan stands: in Redis' words, and on a cluster the id of the master and of those that are done. */
    private record Position(String cursor, String node, List<String> done) {

        static Position read(String text) {
            Matcher matcher = CURSOR.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Not a cursor of this store: \"" + text + "\"");
            }
            return matcher.group(2) == null
                    ? new Position(matcher.group(1), "", List.of())
                    : new Position(
                            matcher.group(1),
                            matcher.group(2),
                            matcher.group(3) == null
                                    ? List.of()
                                    : List.of(matcher.group(3).split(",")));
        }

        String text() {
            return node.isEmpty() ? cursor : cursor + "@" + node + (done.isEmpty() ? "" : "/" + String.join(",", done));
        }

        /** The master to go on with, and one of its slots. */
        Optional<Map.Entry<String, Integer>> place(Map<String, Integer> masters) {
            return masters.entrySet().stream()
                    .filter(master -> master.getKey().equals(node))
                    .findFirst()
                    .or(() -> masters.entrySet().stream()
                            .filter(master -> !done.contains(master.getKey()))
                            .findFirst());
        }

        /** The beginning of another master. */
        Optional<Position> after(Map<String, Integer> masters) {
            List<String> more = new ArrayList<>(done);
            more.add(node);
            return masters.keySet().stream()
                    .filter(id -> !more.contains(id))
                    .findFirst()
                    .map(id -> new Position("0", id, more));
        }
    }

    CompletionStage<Page<String>> page(String prefix, Optional<String> cursor, int limit) {
        Position from;
        try {
            from = cursor.map(Position::read).orElse(new Position("0", "", List.of()));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        if (!redis.cluster()) {
            return scan(prefix, from, 0, Optional.empty(), limit);
        }
        return masters().thenCompose(masters -> {
            Optional<Map.Entry<String, Integer>> place = from.place(masters);
            if (place.isEmpty()) {
                return CompletableFuture.completedStage(new Page<>(List.of(), Optional.empty()));
            }
            String node = place.get().getKey();
            // Another master has another order of keys, in which the old cursor means nothing.
            Position at = new Position(node.equals(from.node()) ? from.cursor() : "0", node, from.done());
            int slot = place.get().getValue();
            return aim(slot).thenCompose(known -> scan(prefix, at, slot, at.after(masters), limit));
        });
    }

    /**
     * Reads a key of a slot, by which the driver learns where the slot is now: a SCAN is redirected by nobody. Users who may
     * not read it go where the driver takes the slot to be.
     */
    private CompletionStage<Boolean> aim(int slot) {
        return redis.send(RedisCommand.keyed("EXISTS", redis.keys().cache("{" + HashSlots.name(slot) + "}")))
                .handle((there, thrown) -> {
                    if (thrown != null && !(Await.unwrap(thrown) instanceof RedisErrorException)) {
                        throw new CompletionException(Await.unwrap(thrown));
                    }
                    return thrown == null;
                });
    }

    private CompletionStage<Page<String>> scan(
            String prefix, Position at, int slot, Optional<Position> after, int limit) {
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
                                        HashSlots.name(slot),
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
                    next.equals("0") ? after : Optional.of(new Position(next, at.node(), at.done()));
            return new Page<>(names, position.map(Position::text));
        });
    }

    /** The id of each master and the first of its slots, in the order of these. */
    private CompletionStage<Map<String, Integer>> masters() {
        return redis.send(RedisCommand.of("CLUSTER", "SLOTS")).thenApply(reply -> {
            TreeMap<Integer, String> byFirst = new TreeMap<>();
            for (Object range : Replies.list(reply)) {
                List<Object> parts = Replies.list(range);
                int first = (int) Replies.number(parts.get(0));
                byFirst.put(first, Replies.text(Replies.list(parts.get(2)).get(2)));
            }
            Map<String, Integer> masters = new LinkedHashMap<>();
            byFirst.forEach((first, id) -> masters.putIfAbsent(id, first));
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
