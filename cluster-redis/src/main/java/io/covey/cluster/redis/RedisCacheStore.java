package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Entries as plain strings that expire by Redis' clock. A put is one SET. */
final class RedisCacheStore implements CacheStore {
    private static final Script PUT = Script.of("cache-put");
    private static final Script REMOVE = Script.of("cache-remove");
    private static final Script PERSIST = Script.of("cache-persist");
    private static final int MOST_AT_ONCE = 1000;

    private final Redis redis;
    private final KeyScan scan;
    private final RedisCounters counters;

    RedisCacheStore(Redis redis) {
        this.redis = redis;
        this.scan = new KeyScan(redis);
        this.counters = new RedisCounters(redis);
    }

    @Override
    public CompletionStage<Optional<Entry>> get(String key) {
        String name = redis.keys().cache(key);
        return redis.send(RedisCommand.keyed("GET", name)).thenApply(reply -> entry(name, reply));
    }

    @Override
    public CompletionStage<Map<String, Entry>> getAll(Collection<String> keys) {
        List<String> wanted = List.copyOf(keys);
        return wanted.isEmpty()
                ? CompletableFuture.completedStage(new HashMap<>())
                : readFrom(wanted, 0, new HashMap<>(wanted.size() * 2));
    }

    private CompletionStage<Map<String, Entry>> readFrom(List<String> wanted, int from, Map<String, Entry> found) {
        int to = Math.min(wanted.size(), from + MOST_AT_ONCE);
        List<String> part = wanted.subList(from, to);
        CompletionStage<Void> taken = read(part).thenAccept(replies -> {
            Replies.failOnError(replies);
            for (int i = 0; i < part.size(); i++) {
                String key = part.get(i);
                entry(redis.keys().cache(key), replies.get(i)).ifPresent(entry -> found.put(key, entry));
            }
        });
        return to == wanted.size()
                ? taken.thenApply(done -> found)
                : taken.thenCompose(done -> readFrom(wanted, to, found));
    }

    private CompletionStage<List<Object>> read(List<String> part) {
        if (redis.cluster()) {
            return redis.sendAll(part.stream()
                    .map(key -> RedisCommand.keyed("GET", redis.keys().cache(key)))
                    .toList());
        }
        Object[] names = part.stream().map(redis.keys()::cache).toArray();
        return redis.send(RedisCommand.keyed("MGET", names)).thenApply(Replies::list);
    }

    private static Optional<Entry> entry(String name, @Nullable Object reply) {
        return reply == null ? Optional.empty() : Optional.of(Frame.read(name, (byte[]) reply));
    }

    @Override
    public CompletionStage<Boolean> put(String key, byte[] value, Expiry expiry, Match match) {
        String name = redis.keys().cache(key);
        byte[] frame = Frame.of(value);
        List<Object> args = new ArrayList<>();
        if (match instanceof Match.Version wanted) {
            args.add(Frame.version(wanted.version()));
            args.add(frame);
            args.addAll(options(expiry));
            return redis.run(PUT.call(List.of(name), args.toArray())).thenApply(done -> Replies.number(done) == 1);
        }
        args.add(name);
        args.add(frame);
        // An entry that was not there does not expire; nor can SET take both.
        args.addAll(match instanceof Match.Absent && expiry instanceof Expiry.Keep ? List.of() : options(expiry));
        if (match instanceof Match.Absent) {
            args.add("NX");
        } else if (match instanceof Match.Present) {
            args.add("XX");
        }
        return redis.send(RedisCommand.keyed("SET", args.toArray())).thenApply(done -> done != null);
    }

    @Override
    public CompletionStage<Void> putAll(Map<String, byte[]> values, Expiry expiry) {
        List<Object> options = options(expiry);
        List<RedisCommand> sets = new ArrayList<>(values.size());
        values.forEach((key, value) -> {
            List<Object> args = new ArrayList<>(List.of(redis.keys().cache(key), Frame.of(value)));
            args.addAll(options);
            sets.add(RedisCommand.keyed("SET", args.toArray()));
        });
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (int from = 0; from < sets.size(); from += MOST_AT_ONCE) {
            List<RedisCommand> part = sets.subList(from, Math.min(sets.size(), from + MOST_AT_ONCE));
            all = all.thenCompose(done -> redis.sendAll(part)).thenAccept(Replies::failOnError);
        }
        return all;
    }

    @Override
    public CompletionStage<Boolean> touch(String key, Expiry expiry) {
        String name = redis.keys().cache(key);
        CompletionStage<Object> reply;
        if (expiry instanceof Expiry.After after) {
            reply = redis.send(RedisCommand.keyed("PEXPIRE", name, Times.millis(after.ttl())));
        } else if (expiry instanceof Expiry.Never) {
            reply = redis.run(PERSIST.call(List.of(name)));
        } else {
            reply = redis.send(RedisCommand.keyed("EXISTS", name));
        }
        return reply.thenApply(there -> Replies.number(there) == 1);
    }

    @Override
    public CompletionStage<Optional<Entry>> getAndTouch(String key, Expiry expiry) {
        String name = redis.keys().cache(key);
        RedisCommand command;
        if (expiry instanceof Expiry.After after) {
            command = RedisCommand.keyed("GETEX", name, "PX", Times.millis(after.ttl()));
        } else if (expiry instanceof Expiry.Never) {
            command = RedisCommand.keyed("GETEX", name, "PERSIST");
        } else {
            command = RedisCommand.keyed("GET", name);
        }
        return redis.send(command).thenApply(reply -> entry(name, reply));
    }

    @Override
    public CompletionStage<Boolean> remove(String key, Match match) {
        String name = redis.keys().cache(key);
        if (match instanceof Match.Absent) {
            return CompletableFuture.completedStage(false);
        }
        CompletionStage<Object> reply = match instanceof Match.Version wanted
                ? redis.run(REMOVE.call(List.of(name), Frame.version(wanted.version())))
                : redis.send(RedisCommand.keyed("UNLINK", name));
        return reply.thenApply(removed -> Replies.number(removed) == 1);
    }

    @Override
    public CompletionStage<Page<String>> scan(String prefix, Optional<String> cursor, int limit) {
        int begin = redis.keys().cache("").length();
        return scan.page(redis.keys().cache(prefix), cursor, limit)
                .thenApply(page -> new Page<>(
                        page.items().stream().map(name -> name.substring(begin)).toList(), page.next()));
    }

    @Override
    public CompletionStage<Long> removeAll(String prefix) {
        return scan.unlink(redis.keys().cache(prefix));
    }

    @Override
    public CompletionStage<Optional<Expiry>> expiry(String key) {
        return redis.send(RedisCommand.keyed("PTTL", redis.keys().cache(key))).thenApply(reply -> {
            long left = Replies.number(reply);
            if (left == -2) {
                return Optional.empty();
            }
            return Optional.of(left < 0 ? new Expiry.Never() : new Expiry.After(Duration.ofMillis(Math.max(1, left))));
        });
    }

    @Override
    public CompletionStage<Void> add(Call call, String namespace, Map<String, Long> deltas) {
        return counters.add(call, namespace, deltas);
    }

    @Override
    public CompletionStage<Map<String, Long>> counters(String namespace) {
        return counters.read(namespace);
    }

    private static List<Object> options(Expiry expiry) {
        if (expiry instanceof Expiry.After after) {
            return List.of("PX", Times.millis(after.ttl()));
        }
        return expiry instanceof Expiry.Keep ? List.of("KEEPTTL") : List.of();
    }
}
