package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.InvalidationSource;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
    private static final Script TIMED = Script.of("cache-timed");

    private final Redis redis;
    private final KeyScan scan;
    private final ManyEntries many;
    private final LongValues longs = new LongValues();
    private final RedisCounters counters;
    private final InvalidationSource invalidations;

    RedisCacheStore(Redis redis, InvalidationSource invalidations) {
        this.redis = redis;
        this.invalidations = invalidations;
        this.scan = new KeyScan(redis);
        this.many = new ManyEntries(redis, longs);
        this.counters = new RedisCounters(redis);
    }

    @Override
    public CompletionStage<Optional<Entry>> get(String key) {
        String name = redis.keys().cache(key);
        return redis.send(longs.reading(name, RedisCommand.keyed("GET", name)))
                .thenApply(reply -> perhaps(name, reply));
    }

    @Override
    public CompletionStage<Map<String, Entry>> getAll(Collection<String> keys) {
        return many.read(keys, this::plain, this::entry);
    }

    private CompletionStage<List<Object>> plain(List<String> names) {
        if (redis.cluster()) {
            return redis.sendAll(longs.reading(
                    names,
                    names.stream().map(name -> RedisCommand.keyed("GET", name)).toList()));
        }
        RedisCommand all = RedisCommand.keyed("MGET", names.toArray());
        return redis.send(longs.reading(names, List.of(all)).get(0)).thenApply(Replies::list);
    }

    @Override
    public CompletionStage<Map<String, Timed>> getAllTimed(Collection<String> keys) {
        return many.read(
                keys,
                names -> redis.runAll(longs.readingByScript(
                        names,
                        names.stream().map(name -> TIMED.call(List.of(name))).toList())),
                (name, reply) -> {
                    List<Object> both = Replies.list(reply);
                    return new Timed(entry(name, both.get(0)), left(Replies.number(both.get(1))));
                });
    }

    private Entry entry(String name, Object reply) {
        longs.saw(name, (byte[]) reply);
        return Frame.read(name, (byte[]) reply);
    }

    private Optional<Entry> perhaps(String name, @Nullable Object reply) {
        return Optional.ofNullable(reply).map(there -> entry(name, there));
    }

    private static Expiry left(long millis) {
        return millis == -1 ? new Expiry.Never() : new Expiry.After(Duration.ofMillis(Math.max(1, millis)));
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
            return redis.run(longs.writing(name, frame, PUT.call(List.of(name), args.toArray())))
                    .thenApply(done -> Replies.number(done) == 1);
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
        return redis.send(longs.writing(name, frame, RedisCommand.keyed("SET", args.toArray())))
                .thenApply(done -> done != null);
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
        return many.write(sets);
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
        return redis.send(longs.reading(name, touching(name, expiry))).thenApply(reply -> perhaps(name, reply));
    }

    @Override
    public CompletionStage<Map<String, Entry>> getAllAndTouch(Collection<String> keys, Expiry expiry) {
        return many.read(
                keys,
                names -> redis.sendAll(longs.reading(
                        names,
                        names.stream().map(name -> touching(name, expiry)).toList())),
                this::entry);
    }

    private static RedisCommand touching(String name, Expiry expiry) {
        if (expiry instanceof Expiry.After after) {
            return RedisCommand.keyed("GETEX", name, "PX", Times.millis(after.ttl()));
        }
        return expiry instanceof Expiry.Never
                ? RedisCommand.keyed("GETEX", name, "PERSIST")
                : RedisCommand.keyed("GET", name);
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
    public Optional<InvalidationSource> invalidations() {
        return Optional.of(invalidations);
    }

    @Override
    public CompletionStage<Void> add(Call call, String namespace, Map<String, Long> deltas) {
        return counters.add(call, namespace, deltas);
    }

    @Override
    public CompletionStage<Map<String, Long>> counters(String namespace) {
        return counters.read(namespace);
    }

    @Override
    public CompletionStage<Map<String, Long>> counters(String namespace, Collection<String> names) {
        return counters.read(namespace, names);
    }

    @Override
    public CompletionStage<Long> removeCounters(String namespace, Collection<String> names) {
        return counters.remove(namespace, names);
    }

    private static List<Object> options(Expiry expiry) {
        if (expiry instanceof Expiry.After after) {
            return List.of("PX", Times.millis(after.ttl()));
        }
        return expiry instanceof Expiry.Keep ? List.of("KEEPTTL") : List.of();
    }
}
