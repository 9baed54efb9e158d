package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Codec;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The cache, locks, lists, counters and chat rooms of a live actionhero on the same Redis and database: Java reads and writes
 * them byte for byte as its nodes do, and can join its channel. Nothing of this happens unless it is asked for here, and nothing of Covey's own
 * {@link Cluster#cache}, {@link Cluster#lock}, {@link Cluster#list} or {@link Cluster#stats} is seen by actionhero.
 *
 * <pre>{@code
 * Actionhero hero = Actionhero.on(cluster, ActionheroFormat.V29);
 * hero.cache(Profile.class).save("ada", profile, Duration.ofMinutes(10)); // cache.load("ada") in JavaScript
 * }</pre>
 *
 * <p>actionhero's promises are weaker than ours: {@code docs/actionhero.md} says which hold. Every method blocks for one
 * round trip unless it says otherwise, and throws {@link TransportException} if Redis does not answer: a write may have
 * happened then. Thread-safe.
 */
public final class Actionhero {
    private final RedisTransport transport;
    private final ActionheroKeys keys;
    private final ActionheroFormat format;
    private final ConcurrentMap<String, ActionheroStats> stats = new ConcurrentHashMap<>();

    private Actionhero(RedisTransport transport, ActionheroKeys keys, ActionheroFormat format) {
        this.transport = transport;
        this.keys = keys;
        this.format = format;
    }

    /**
     * With actionhero's default keys, {@code actionhero:cache:} and {@code actionhero:lock:}, and this node's id as the name
     * to lock under.
     *
     * @param cluster a node on the Redis and database that actionhero uses
     * @param format how entries of the cache are written
     * @return the way to actionhero's data; asking twice is cheap
     * @throws ClusterException if the cluster has no Redis
     */
    public static Actionhero on(Cluster cluster, ActionheroFormat format) {
        RedisTransport transport = cluster.transport()
                .part(RedisTransport.class)
                .orElseThrow(
                        () -> new ClusterException("actionhero keeps its data in Redis, but this node's transport is "
                                + cluster.transport().description()));
        return new Actionhero(
                transport,
                new ActionheroKeys(
                        transport.redis(),
                        cluster,
                        "actionhero:cache:",
                        "actionhero:lock:",
                        cluster.self().id()),
                format);
    }

    /**
     * For fleets that set {@code config.general.cachePrefix}.
     *
     * @param prefix what stands before the keys of cache and lists
     * @return another object like this, with that prefix
     */
    public Actionhero withCachePrefix(String prefix) {
        return new Actionhero(transport, keys.withCachePrefix(prefix), format);
    }

    /**
     * For fleets that set {@code config.general.lockPrefix}.
     *
     * @param prefix what stands before the keys of locks
     * @return another object like this, with that prefix
     */
    public Actionhero withLockPrefix(String prefix) {
        return new Actionhero(transport, keys.withLockPrefix(prefix), format);
    }

    /**
     * Chooses the name to lock under, actionhero's {@code lockName}: whoever locks under the same name passes one another's
     * locks.
     *
     * @param name the name, not empty
     * @return another object like this, with that name
     */
    public Actionhero withLockName(String name) {
        return new Actionhero(transport, keys.withLockName(name), format);
    }

    /**
     * The cache.
     *
     * @param <V> the type of the values
     * @param type the type of the values: {@link String}, or whatever is JSON in this platform's default format; neither
     *     {@code byte[]} nor protobuf
     * @return the cache
     * @throws IllegalArgumentException if the type is not written as JSON
     */
    public <V> ActionheroCache<V> cache(Class<V> type) {
        return new ActionheroCache<>(keys, format, ActionheroJson.of(keys.cluster(), type), Duration.ZERO);
    }

    /**
     * The cache, values in a format of the caller's.
     *
     * @param <V> the type of the values
     * @param json a codec that writes and reads one JSON value
     * @return the cache
     */
    public <V> ActionheroCache<V> cache(Codec<V> json) {
        return new ActionheroCache<>(keys, format, ActionheroJson.of(json), Duration.ZERO);
    }

    /**
     * A list, actionhero's {@code cache.push}, {@code cache.pop} and {@code cache.listLength}; the same in all versions that
     * have it. actionhero 9.4 has no lists.
     *
     * @param <E> the type of the items
     * @param key its key, as given to {@code cache.push}
     * @param type as for {@link #cache(Class)}
     * @return the list
     */
    public <E> ActionheroList<E> list(String key, Class<E> type) {
        return new ActionheroList<>(keys, key, ActionheroJson.of(keys.cluster(), type));
    }

    /**
     * The counters, actionhero's {@code api.stats}, in {@code actionhero:stats}. Only versions 9 to 11 have them.
     *
     * @return the counters
     */
    public ActionheroStats stats() {
        return stats("actionhero:stats");
    }

    /**
     * The counters under another key, for fleets that set {@code config.stats.keys}.
     *
     * @param key the whole key
     * @return the counters, of this object always the same
     */
    public ActionheroStats stats(String key) {
        return stats.computeIfAbsent(key, name -> new ActionheroStats(keys, name));
    }

    /**
     * The chat rooms: which there are and who is in them.
     *
     * @return the rooms
     */
    public ActionheroRooms rooms() {
        return new ActionheroRooms(keys);
    }

    /**
     * Has this node join the fleet's channel: to call its nodes, be called by them, and chat. Off unless opened, since that
     * channel is weak, see {@link ActionheroBridge}.
     *
     * @param serverToken the fleet's {@code config.general.serverToken}; it is never logged
     * @return how to open it
     * @throws IllegalArgumentException if the token is empty
     */
    public ActionheroBridge.Builder bridge(String serverToken) {
        return new ActionheroBridge.Builder(keys, transport, format, serverToken);
    }

    /**
     * Locks a key of cache or lists: until it is unlocked or the time is over, {@link ActionheroCache} and actionhero's cache
     * refuse it to everybody who locks under another name. Lists take no notice of locks, as in actionhero.
     *
     * <p>What this method locks no other Java node holds. An actionhero node may still pass: 29 looks and then writes, 9 even
     * takes a lock that it has just seen taken. Where it matters use {@link Cluster#lock}, whose fence a resource can check.
     *
     * @param key the key
     * @param lease when the lock ends by itself, at least 1 ms; actionhero's default is 10 s. It is not renewed
     * @return false if the key is locked, under whatever name
     */
    public boolean lock(String key, Duration lease) {
        return keys.lock(key, lease);
    }

    /**
     * Unlocks a key.
     *
     * @param key the key
     * @return false if it was not locked under this name, and then is left as it was
     */
    public boolean unlock(String key) {
        return keys.unlock(key);
    }

    /**
     * Looks who has locked a key.
     *
     * @param key the key
     * @return the name that it is locked under, empty if it is not
     */
    public Optional<String> lockedBy(String key) {
        return keys.lockedBy(key);
    }
}
