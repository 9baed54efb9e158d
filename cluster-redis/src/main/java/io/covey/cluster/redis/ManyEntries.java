package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Entries read and written together, a thousand at a time so that no server is kept from others for long. On Redis Cluster
 * the driver splits each batch by master and sends the parts side by side.
 */
final class ManyEntries {
    private static final int MOST_AT_ONCE = 1000;

    private final Redis redis;
    private final LongValues longs;

    ManyEntries(Redis redis, LongValues longs) {
        this.redis = redis;
        this.longs = longs;
    }

    /**
     * @param ask the names to their replies, in order
     * @param read a name and its reply, which is there, to what it says
     */
    <T> CompletionStage<Map<String, T>> read(
            Collection<String> keys,
            Function<List<String>, CompletionStage<List<Object>>> ask,
            BiFunction<String, Object, T> read) {
        List<String> wanted = List.copyOf(keys);
        return wanted.isEmpty()
                ? CompletableFuture.completedStage(new HashMap<>())
                : readFrom(wanted, 0, ask, read, new HashMap<>(wanted.size() * 2));
    }

    private <T> CompletionStage<Map<String, T>> readFrom(
            List<String> wanted,
            int from,
            Function<List<String>, CompletionStage<List<Object>>> ask,
            BiFunction<String, Object, T> read,
            Map<String, T> found) {
        int to = Math.min(wanted.size(), from + MOST_AT_ONCE);
        List<String> part = wanted.subList(from, to);
        List<String> names = part.stream().map(redis.keys()::cache).toList();
        CompletionStage<Void> taken = ask.apply(names).thenAccept(replies -> {
            Replies.failOnError(replies);
            for (int i = 0; i < part.size(); i++) {
                Object reply = replies.get(i);
                if (reply != null) {
                    found.put(part.get(i), read.apply(names.get(i), reply));
                }
            }
        });
        return to == wanted.size()
                ? taken.thenApply(done -> found)
                : taken.thenCompose(done -> readFrom(wanted, to, ask, read, found));
    }

    CompletionStage<Void> write(List<RedisCommand> commands) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (int from = 0; from < commands.size(); from += MOST_AT_ONCE) {
            List<RedisCommand> part = commands.subList(from, Math.min(commands.size(), from + MOST_AT_ONCE));
            all = all.thenCompose(done -> redis.sendAll(longs.writing(part))).thenAccept(Replies::failOnError);
        }
        return all;
    }
}
