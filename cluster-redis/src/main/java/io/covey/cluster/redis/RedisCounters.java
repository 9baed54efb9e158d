package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Counters of a namespace as one hash; beside it, for each lane, its last step. */
final class RedisCounters {
    private static final Script ADD = Script.of("counters-add");

    /** Lua's stack does not take a list of any length. */
    private static final int MOST = 2000;

    /** An outage that lasts longer may count twice what it cut off. */
    private static final long LANE_MS = Duration.ofDays(1).toMillis();

    private final Redis redis;

    RedisCounters(Redis redis) {
        this.redis = redis;
    }

    CompletionStage<Void> add(Call call, String namespace, Map<String, Long> deltas) {
        Keys keys = redis.keys();
        Destination to = new Destination(
                keys.counterLane(namespace, call.lane()), keys.counters(namespace), LANE_MS, "of " + namespace);
        return add(to, call.seq(), deltas);
    }

    /**
     * Where counters are.
     *
     * @param lane the key of the lane
     * @param counters the key of the counters, in the same slot
     * @param laneMillis how long the lane is remembered
     * @param where for messages
     */
    record Destination(String lane, String counters, long laneMillis, String where) {}

    CompletionStage<Void> add(Destination to, long seq, Map<String, Long> deltas) {
        if (deltas.size() > MOST) {
            return CompletableFuture.failedStage(new IllegalArgumentException(
                    "At most " + MOST + " counters are added to at once, were " + deltas.size() + " " + to.where()));
        }
        List<Object> args = new ArrayList<>(2 + 2 * deltas.size());
        args.add(seq);
        args.add(to.laneMillis());
        deltas.forEach((name, delta) -> {
            args.add(name);
            args.add(delta);
        });
        return redis.run(ADD.call(List.of(to.lane(), to.counters()), args.toArray()))
                .thenAccept(reply -> {});
    }

    CompletionStage<Map<String, Long>> read(String namespace) {
        return readAll(redis.keys().counters(namespace), "of " + namespace);
    }

    CompletionStage<Map<String, Long>> readAll(String counters, String where) {
        return redis.send(RedisCommand.keyed("HGETALL", counters)).thenApply(reply -> {
            List<Object> flat = Replies.list(reply);
            Map<String, Long> values = new HashMap<>(flat.size());
            for (int i = 0; i < flat.size(); i += 2) {
                String name = Replies.text(flat.get(i));
                values.put(name, value(name, flat.get(i + 1), where));
            }
            return values;
        });
    }

    CompletionStage<Map<String, Long>> read(String namespace, Collection<String> names) {
        return readSome(redis.keys().counters(namespace), names, "of " + namespace);
    }

    CompletionStage<Map<String, Long>> readSome(String counters, Collection<String> names, String where) {
        List<String> wanted = List.copyOf(names);
        if (wanted.isEmpty()) {
            return CompletableFuture.completedStage(new HashMap<>());
        }
        return redis.send(RedisCommand.keyed("HMGET", keyed(counters, wanted))).thenApply(reply -> {
            List<Object> found = Replies.list(reply);
            Map<String, Long> values = new HashMap<>(2 * found.size());
            for (int i = 0; i < found.size(); i++) {
                if (found.get(i) != null) {
                    values.put(wanted.get(i), value(wanted.get(i), found.get(i), where));
                }
            }
            return values;
        });
    }

    CompletionStage<Long> remove(String namespace, Collection<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedStage(0L);
        }
        return redis.send(RedisCommand.keyed("HDEL", keyed(redis.keys().counters(namespace), List.copyOf(names))))
                .thenApply(Replies::number);
    }

    private static Object[] keyed(String key, List<String> names) {
        List<Object> args = new ArrayList<>(names.size() + 1);
        args.add(key);
        args.addAll(names);
        return args.toArray();
    }

    private static long value(String name, Object reply, String where) {
        try {
            return Replies.number(reply);
        } catch (NumberFormatException e) {
            throw new CodecException("Counter " + Names.printable(name) + " " + where + " holds \""
                    + Names.printable(Replies.text(reply))
                    + "\", which is no integer of 64 bits; nobody of us wrote that");
        }
    }
}
