package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ListStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists as Redis has them; beside each, for each lane, its last step and what that was answered. */
final class RedisListStore implements ListStore {
    private static final Script PUSH = Script.of("list-push");
    private static final Script POP = Script.of("list-pop");

    private final Redis redis;
    private final LongValues longValues = new LongValues();
    private final long laneMillis;

    RedisListStore(Redis redis) {
        this.redis = redis;
        this.laneMillis =
                REMEMBERED.plus(redis.commandTimeout().multipliedBy(4)).toMillis();
    }

    @Override
    public CompletionStage<Long> push(Call call, String list, List<byte[]> items, Side side, Bound bound) {
        if (items.isEmpty() || items.size() > MOST) {
            return refused(items.size());
        }
        List<Object> args = new ArrayList<>(items.size() + 5);
        args.add(call.seq());
        args.add(laneMillis);
        args.add(side == Side.END ? "RPUSH" : "LPUSH");
        args.add(bound.most().orElse(0));
        args.add(bound.ttl().map(Times::millis).orElse(0L));
        args.addAll(items);
        byte[] longest = Collections.max(items, Comparator.comparingInt(item -> item.length));
        return redis.run(longValues.writing(list, longest, PUSH.call(keys(call, list), args.toArray())))
                .thenApply(Replies::number);
    }

    @Override
    public CompletionStage<List<byte[]>> pop(Call call, String list, int most, Side side) {
        if (most < 1 || most > MOST) {
            return refused(most);
        }
        Script.Call pop = POP.call(keys(call, list), call.seq(), laneMillis, side == Side.HEAD ? "LPOP" : "RPOP", most);
        return redis.run(longValues.reading(list, pop)).thenApply(reply -> items(list, reply));
    }

    @Override
    public CompletionStage<List<byte[]>> range(String list, long from, int most) {
        long to = from + most - 1;
        RedisCommand read = RedisCommand.keyed("LRANGE", redis.keys().list(list), from, from < 0 && to >= 0 ? -1 : to);
        return redis.send(longValues.reading(list, read)).thenApply(reply -> items(list, reply));
    }

    @Override
    public CompletionStage<Long> length(String list) {
        return redis.send(RedisCommand.keyed("LLEN", redis.keys().list(list))).thenApply(Replies::number);
    }

    @Override
    public CompletionStage<Boolean> remove(String list) {
        return redis.send(RedisCommand.keyed("UNLINK", redis.keys().list(list)))
                .thenApply(removed -> Replies.number(removed) == 1);
    }

    private List<String> keys(Call call, String list) {
        return List.of(redis.keys().listLane(list, call.lane()), redis.keys().list(list));
    }

    private List<byte[]> items(String list, Object reply) {
        List<byte[]> items = Replies.list(reply).stream().map(Replies::bytes).toList();
        items.forEach(item -> longValues.saw(list, item));
        return items;
    }

    private static <T> CompletionStage<T> refused(int items) {
        return CompletableFuture.failedStage(
                new IllegalArgumentException("1 to " + MOST + " items are pushed or popped at once, were " + items));
    }
}
