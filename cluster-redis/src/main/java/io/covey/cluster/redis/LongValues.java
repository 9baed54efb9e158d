package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Has long values travel aside, so that short ones do not wait behind them. How long a value is that will be written is
 * known; of one that will be read it is remembered, by the hash of its key, how long it was when this node last saw it. So
 * short ones may wait for the first read of a long one, and a short one may go aside for nothing.
 */
final class LongValues {
    /** A quarter of a millisecond on a network of 1 Gbit/s. */
    private static final int LONG = 32 * 1024;

    private static final int MANY = 200;
    private static final int BITS = 1 << 16;

    private final AtomicLongArray seen = new AtomicLongArray(BITS / Long.SIZE);

    RedisCommand reading(String name, RedisCommand command) {
        return wasLong(name) ? command.sentAside() : command;
    }

    Script.Call reading(String name, Script.Call call) {
        return wasLong(name) ? call.sentAside() : call;
    }

    /** Commands that read one entry each, or the one that reads them all. */
    List<RedisCommand> reading(List<String> names, List<RedisCommand> commands) {
        return areLong(names) ? aside(commands) : commands;
    }

    /** As {@link #reading(List, List)} for scripts. */
    List<Script.Call> readingByScript(List<String> names, List<Script.Call> calls) {
        return areLong(names) ? calls.stream().map(Script.Call::sentAside).toList() : calls;
    }

    private boolean areLong(List<String> names) {
        return names.size() >= MANY || names.stream().anyMatch(this::wasLong);
    }

    RedisCommand writing(String name, byte[] value, RedisCommand command) {
        saw(name, value);
        return value.length >= LONG ? command.sentAside() : command;
    }

    Script.Call writing(String name, byte[] value, Script.Call call) {
        saw(name, value);
        return value.length >= LONG ? call.sentAside() : call;
    }

    List<RedisCommand> writing(List<RedisCommand> commands) {
        long bytes = 0;
        for (RedisCommand command : commands) {
            for (byte[] arg : command.args()) {
                bytes += arg.length;
            }
        }
        return bytes >= LONG ? aside(commands) : commands;
    }

    private static List<RedisCommand> aside(List<RedisCommand> commands) {
        return commands.stream().map(RedisCommand::sentAside).toList();
    }

    void saw(String name, byte[] value) {
        boolean isLong = value.length >= LONG;
        if (isLong != wasLong(name)) {
            long bit = bit(name);
            seen.updateAndGet(word(name), bits -> isLong ? bits | bit : bits & ~bit);
        }
    }

    private boolean wasLong(String name) {
        return (seen.get(word(name)) & bit(name)) != 0;
    }

    private static int word(String name) {
        return (hash(name) & BITS - 1) / Long.SIZE;
    }

    private static long bit(String name) {
        return 1L << (hash(name) & Long.SIZE - 1);
    }

    private static int hash(String name) {
        int hash = name.hashCode();
        return hash ^ hash >>> 16;
    }
}
