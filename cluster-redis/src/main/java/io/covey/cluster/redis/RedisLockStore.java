package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Locks as keys that expire by Redis' clock, beside each its last fence, which stays a day longer. */
final class RedisLockStore implements LockStore {
    private static final long KEEP_FENCE_MS = Duration.ofDays(1).toMillis();
    private static final Script ACQUIRE = Script.of("lock-acquire");
    private static final Script EXTEND = Script.of("lock-extend");
    private static final Script RELEASE = Script.of("lock-release");

    private final Redis redis;
    private final RedisMessageBus bus;
    private final Holders holders;

    RedisLockStore(Redis redis, RedisMessageBus bus) {
        this.redis = redis;
        this.bus = bus;
        this.holders = new Holders(redis);
    }

    @Override
    public CompletionStage<LeaseAttempt> acquire(String name, String owner, Duration lease) {
        return redis.run(ACQUIRE.call(keys(name), owner, Times.millis(lease), KEEP_FENCE_MS))
                .thenApply(RedisLockStore::attempt);
    }

    @Override
    public CompletionStage<Boolean> extend(String name, String owner, Duration lease) {
        return redis.run(EXTEND.call(keys(name), owner, Times.millis(lease), KEEP_FENCE_MS))
                .thenApply(held -> Replies.number(held) == 1);
    }

    @Override
    public CompletionStage<Boolean> release(String name, String owner) {
        return redis.run(RELEASE.call(keys(name), owner, redis.keys().lockChannel(name), KEEP_FENCE_MS))
                .thenApply(held -> Replies.number(held) == 1);
    }

    @Override
    public CompletionStage<Page<Holding>> holdings(String prefix, Optional<String> cursor, int limit) {
        return holders.locks(prefix, cursor, limit);
    }

    @Override
    public Registration onFree(String name, Runnable hint) {
        return bus.hint(redis.keys().lockChannel(name), hint);
    }

    /** What was given is not negative, the time left for others is. */
    static LeaseAttempt attempt(Object reply) {
        long number = Replies.number(reply);
        return number < 0 ? new LeaseAttempt.Busy(Duration.ofMillis(-number)) : new LeaseAttempt.Granted(number);
    }

    private List<String> keys(String name) {
        return List.of(redis.keys().lock(name), redis.keys().lockFence(name));
    }
}
