package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.SemaphoreStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Semaphores as sorted sets of their holders, each until its lease ends by Redis' clock. */
final class RedisSemaphoreStore implements SemaphoreStore {
    private static final Script ACQUIRE = Script.of("semaphore-acquire");
    private static final Script EXTEND = Script.of("semaphore-extend");
    private static final Script RELEASE = Script.of("semaphore-release");

    private final Redis redis;
    private final RedisMessageBus bus;
    private final Holders holders;

    RedisSemaphoreStore(Redis redis, RedisMessageBus bus) {
        this.redis = redis;
        this.bus = bus;
        this.holders = new Holders(redis);
    }

    @Override
    public CompletionStage<LeaseAttempt> acquire(String name, String owner, int permits, Duration lease) {
        return redis.run(ACQUIRE.call(key(name), owner, Times.millis(lease), permits))
                .thenApply(RedisLockStore::attempt);
    }

    @Override
    public CompletionStage<Boolean> extend(String name, String owner, Duration lease) {
        return redis.run(EXTEND.call(key(name), owner, Times.millis(lease)))
                .thenApply(held -> Replies.number(held) == 1);
    }

    @Override
    public CompletionStage<Boolean> release(String name, String owner) {
        return redis.run(RELEASE.call(key(name), owner, redis.keys().semaphoreChannel(name)))
                .thenApply(held -> Replies.number(held) == 1);
    }

    @Override
    public CompletionStage<Page<Holding>> holdings(String prefix, Optional<String> cursor, int limit) {
        return holders.permits(prefix, cursor, limit);
    }

    @Override
    public Registration onFree(String name, Runnable hint) {
        return bus.hint(redis.keys().semaphoreChannel(name), hint);
    }

    private List<String> key(String name) {
        return List.of(redis.keys().semaphore(name));
    }
}
