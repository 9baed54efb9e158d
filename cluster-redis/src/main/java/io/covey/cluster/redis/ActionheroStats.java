package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.RedisCounters.Destination;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The counters of actionhero 9 to 11, its {@code api.stats}. Nothing is collected here: each call is a round trip, one at a
 * time, so that who counts often adds up before.
 */
public final class ActionheroStats {
    private static final long FIRST_PAUSE = Duration.ofMillis(10).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final ActionheroKeys keys;
    private final String key;
    private final RedisCounters counters;
    private final long laneMillis;
    private final ReentrantLock adding = new ReentrantLock();
    private String lane = newLane();
    private long seq;

    ActionheroStats(ActionheroKeys keys, String key) {
        this.keys = keys;
        this.key = ActionheroKeys.checked("key of counters", key);
        this.counters = new RedisCounters(keys.redis());
        this.laneMillis =
                REMEMBERED.plus(keys.redis().commandTimeout().multipliedBy(4)).toMillis();
    }

    /**
     * Adds to a counter. As {@link #add(Map)}.
     *
     * @param counter its name
     * @param delta how much, negative to subtract
     */
    public void add(String counter, long delta) {
        add(Map.of(counter, delta));
    }

    /**
     * Adds to counters, all or none. When the connection breaks, the call is repeated for about the
     * command timeout, and counts once.
     *
     * @param deltas at most 1000, counter to what is added
     * @throws RefusedException naming the counter, if it holds no integer or would leave 64 bits; nothing was added
     * @throws TransportException if Redis does not answer: it is not known whether this was added
     */
    public void add(Map<String, Long> deltas) {
        adding.lock();
        try {
            seq++;
            long end = System.nanoTime() + keys.redis().commandTimeout().toNanos();
            long pause = FIRST_PAUSE;
            while (true) {
                try {
                    // a tag, so that both are in one slot and actionhero does not find the lane among its keys
                    Destination to = new Destination("{" + key + "}/covey/lane/" + lane, key, laneMillis, "of " + key);
                    keys.on(key, counters.add(to, seq, deltas));
                    return;
                } catch (RefusedException e) {
                    throw e;
                } catch (TransportException e) {
                    if (end - System.nanoTime() < pause
                            || Thread.currentThread().isInterrupted()) {
                        lane = newLane();
                        seq = 0;
                        throw e;
                    }
                    LockSupport.parkNanos(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE);
                }
            }
        } finally {
            adding.unlock();
        }
    }

    private static String newLane() {
        return "stats-" + UUID.randomUUID();
    }

    /**
     * Reads all counters, as one snapshot.
     *
     * @return name to value
     * @throws CodecException naming the counter, if one is not an integer
     */
    public Map<String, Long> read() {
        return keys.on(key, counters.readAll(key, "of " + key));
    }

    /**
     * Reads some counters, as one snapshot.
     *
     * @param names their names
     * @return name to value, without those that were never counted
     * @throws CodecException naming the counter, if one is not an integer
     */
    public Map<String, Long> read(Collection<String> names) {
        return keys.on(key, counters.readSome(key, names, "of " + key));
    }
}
