package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Call;
import java.time.Duration;
import java.util.ArrayList;
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

    /** No answer is waited for that long. */
    private static final long LANE_MS = Duration.ofHours(1).toMillis();

    private final Redis redis;

    RedisCounters(Redis redis) {
        this.redis = redis;
    }

    CompletionStage<Void> add(Call call, String namespace, Map<String, Long> deltas) {
        if (deltas.size() > MOST) {
            return CompletableFuture.failedStage(new IllegalArgumentException(
                    "At most " + MOST + " counters are added to at once, were " + deltas.size() + " of " + namespace));
        }
        List<Object> args = new ArrayList<>(2 + 2 * deltas.size());
        args.add(call.seq());
        args.add(LANE_MS);
        deltas.forEach((name, delta) -> {
            args.add(name);
            args.add(delta);
        });
        List<String> keys = List.of(
                redis.keys().counterLane(namespace, call.lane()), redis.keys().counters(namespace));
        return redis.run(ADD.call(keys, args.toArray())).thenAccept(reply -> {});
    }

    CompletionStage<Map<String, Long>> read(String namespace) {
        return redis.send(RedisCommand.keyed("HGETALL", redis.keys().counters(namespace)))
                .thenApply(reply -> {
                    List<Object> flat = Replies.list(reply);
                    Map<String, Long> counters = new HashMap<>(flat.size());
                    for (int i = 0; i < flat.size(); i += 2) {
                        counters.put(Replies.text(flat.get(i)), Replies.number(flat.get(i + 1)));
                    }
                    return counters;
                });
    }
}
