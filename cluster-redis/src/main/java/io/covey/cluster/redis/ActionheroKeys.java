package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What keys of actionhero's are called, and the steps that mind its locks.
 *
 * @param lockName what we lock under
 */
record ActionheroKeys(Redis redis, Cluster cluster, String cachePrefix, String lockPrefix, String lockName) {
    private static final Script UNLOCK = Script.of("actionhero-unlock");
    private static final int LONGEST = 1024;

    ActionheroKeys {
        checked("cache prefix", cachePrefix);
        checked("lock prefix", lockPrefix);
        checked("lock name", lockName);
    }

    ActionheroKeys withCachePrefix(String prefix) {
        return new ActionheroKeys(redis, cluster, prefix, lockPrefix, lockName);
    }

    ActionheroKeys withLockPrefix(String prefix) {
        return new ActionheroKeys(redis, cluster, cachePrefix, prefix, lockName);
    }

    ActionheroKeys withLockName(String name) {
        return new ActionheroKeys(redis, cluster, cachePrefix, lockPrefix, name);
    }

    static String checked(String what, String text) {
        if (text.isEmpty()
                || text.length() > LONGEST
                || text.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "actionhero: a " + what + " is 1 to " + LONGEST + " characters without control characters, was \""
                            + Names.printable(text) + "\" of " + text.length());
        }
        return text;
    }

    String entry(String key) {
        return cachePrefix + checked("key", key);
    }

    private String lock(String key) {
        return lockPrefix + checked("key", key);
    }

    long now() {
        return cluster.clock().instant().toEpochMilli();
    }

    boolean lock(String key, Duration lease) {
        if (lease.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "actionhero: a lease is at least 1 ms, was " + lease + " for " + where(key));
        }
        RedisCommand set = RedisCommand.keyed("SET", lock(key), lockName, "NX", "PX", Times.millis(lease));
        return on(key, redis.send(set).thenApply(done -> done != null));
    }

    boolean unlock(String key) {
        return on(key, redis.run(UNLOCK.call(List.of(lock(key)), lockName)).thenApply(Replies::number)) == 1;
    }

    Optional<String> lockedBy(String key) {
        return Optional.ofNullable(on(
                key,
                redis.send(RedisCommand.keyed("GET", lock(key)))
                        .thenApply(holder -> holder == null ? null : Replies.text(holder))));
    }

    /**
     * Runs a script whose keys are the entry and its lock, whose first argument is our name, and which answers with a text
     * if somebody else holds the lock. On Redis Cluster both may be in different slots: then we look, and then write, as
     * actionhero does.
     *
     * @throws ActionheroLockedException if somebody else holds the lock
     */
    Object minding(String key, Script script, Object... args) {
        String entry = entry(key);
        String lock = lock(key);
        boolean together = !redis.cluster() || HashSlots.of(entry) == HashSlots.of(lock);
        if (!together) {
            lockedBy(key).filter(holder -> !holder.equals(lockName)).ifPresent(holder -> refuse(key, holder));
        }
        List<String> both = together ? List.of(entry, lock) : List.of(entry);
        List<Object> reply = Replies.list(on(key, redis.run(script.call(both, args))));
        if (reply.get(0) != null) {
            refuse(key, Replies.text(reply.get(0)));
        }
        return reply.size() > 1 ? reply.get(1) : null;
    }

    private void refuse(String key, String holder) {
        throw new ActionheroLockedException(
                where(key) + " is locked by \"" + Names.printable(holder) + "\"; nothing was done", holder);
    }

    String where(String key) {
        return "actionhero's key \"" + Names.printable(key) + "\"";
    }

    <T> T on(String key, CompletionStage<T> stage) {
        return await(where(key), stage);
    }

    /**
     * @param what what it is about, for messages
     */
    <T> T await(String what, CompletionStage<T> stage) {
        try {
            return Await.on(stage, redis.commandTimeout().plusMillis(500), what);
        } catch (RedisErrorException e) {
            if (Refusal.code(e.error()).equals("WRONGTYPE")) {
                throw new RefusedException(what
                        + " is of another kind than this call is for (cache, list, counters or room): "
                        + e.getMessage());
            }
            throw e;
        }
    }
}
