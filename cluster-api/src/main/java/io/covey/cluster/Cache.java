package io.covey.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Values shared by all nodes, each under a key, for a time. Every method is one round trip unless it says otherwise, and
 * throws {@link TransportException} if the backend does not answer within the command timeout, and
 * {@link CodecException}, naming codec and key, if an entry cannot be read. An entry that cannot be read stays until it is
 * written over or removed.
 *
 * <p>Keys are 1 to 512 bytes of UTF-8 without control characters; a time to live is between 1 ms and 10 years; values
 * are not null and at most as long as the settings allow (16 MiB by default). What does not fit is refused with
 * {@link IllegalArgumentException}.
 *
 * @param <V> the type of the values
 */
public interface Cache<V> {

    /**
     * The name.
     *
     * @return as given
     */
    String name();

    /**
     * Reads a value.
     *
     * @param key the key
     * @return the value, empty if there is none or it expired
     */
    Optional<V> get(String key);

    /**
     * Reads a value, or loads it and stores it for a time. As {@link #get(String, Loading)}.
     *
     * @param key the key
     * @param ttl the time to live of what was loaded
     * @param loader where the value comes from
     * @return the value, empty if the loader found none
     */
    default Optional<V> get(String key, Duration ttl, CacheLoader<V> loader) {
        return get(key, Loading.of(ttl, loader));
    }

    /**
     * Reads a value, or loads it. Of the callers of this node who miss a key at the same time one runs its loader, on its
     * own thread, and the others wait for what it finds, each of which gets an object of its own; an interrupt ends the
     * wait of the interrupted only. What was loaded is stored unless something was written meanwhile, which then is the
     * answer; unless this node removed the key meanwhile, then it is answered but not stored; and unless the backend
     * refuses it, which is logged. That another node removes the key while this one loads it is not noticed.
     *
     * <p>One round trip if the value is there, else three and the loader's time.
     *
     * @param key the key
     * @param loading how
     * @return the value, empty if the loader found none, or if it is remembered that it did not
     * @throws LoadException if the loader threw, to each caller who waited for it; if somebody else's load takes longer than
     *     the timeout; or if this thread was interrupted, which leaves its flag set
     * @throws IllegalStateException if a loader asks for the key that it loads
     * @throws IllegalArgumentException if the loading remembers absence and this cache slides, which would prolong it
     */
    Optional<V> get(String key, Loading<V> loading);

    /**
     * Reads a value with its version, for {@link #replace(String, Entry, Object)}.
     *
     * @param key the key
     * @return the entry, empty if there is none
     */
    Optional<Entry<V>> getEntry(String key);

    /**
     * Tells what is known of an entry, without counting as a read of it.
     *
     * @param key the key
     * @return empty if there is no value
     */
    Optional<EntryInfo> info(String key);

    /**
     * Reads many values.
     *
     * @param keys the keys
     * @return those present, in the order of the keys
     */
    Map<String, V> getAll(Collection<String> keys);

    /**
     * Writes a value with the time to live of this cache's options; without one it does not expire. One that was there, and
     * its time to live, are gone.
     *
     * @param key the key
     * @param value the value
     */
    void put(String key, V value);

    /**
     * Writes a value.
     *
     * @param key the key
     * @param value the value
     * @param ttl for how long
     */
    void put(String key, V value, Duration ttl);

    /**
     * Writes many values with the time to live of this cache's options. Not atomic: after an exception some may be written.
     *
     * @param values key to value
     */
    void putAll(Map<String, V> values);

    /**
     * Writes many values. Not atomic: after an exception some may be written.
     *
     * @param values key to value
     * @param ttl for how long
     */
    void putAll(Map<String, V> values, Duration ttl);

    /**
     * Writes a value if there is none. A second round trip if there is something.
     *
     * @param key the key
     * @param value the value
     * @param ttl for how long
     * @return false if there was one, which stays as it is
     */
    boolean putIfAbsent(String key, V value, Duration ttl);

    /**
     * Writes a value over the one read before. The time to live that was left stays.
     *
     * @param key the key
     * @param expected the entry as read
     * @param value the new value
     * @return false if somebody has written or removed it since
     */
    boolean replace(String key, Entry<V> expected, V value);

    /**
     * Writes a value over an equal one, as one atomic step. The time to live that was left stays. Values are equal if the
     * codec makes the same bytes of them. Two round trips, and two more each time that somebody writes in between.
     *
     * @param key the key
     * @param expected what must be there
     * @param value the new value
     * @return false if there is none or another
     */
    boolean replace(String key, V expected, V value);

    /**
     * Gives a value a new time to live.
     *
     * @param key the key
     * @param ttl for how long from now
     * @return false if there is no value
     */
    boolean touch(String key, Duration ttl);

    /**
     * Reads a value and gives it a new time to live (sliding expiry).
     *
     * @param key the key
     * @param ttl for how long from now
     * @return the value, empty if there is none
     */
    Optional<V> getAndTouch(String key, Duration ttl);

    /**
     * Removes a value.
     *
     * @param key the key
     * @return false if there was none
     */
    boolean remove(String key);

    /**
     * The keys that start with a prefix, page by page as the stream is read; several round trips. A key that is there
     * from beginning to end is seen, once; others may be. The stream remembers the keys it has seen.
     *
     * @param prefix the prefix, empty for all
     * @return a stream that the caller closes
     */
    Stream<String> keys(String prefix);

    /**
     * Counts the values; several round trips, in time proportional to the keys of this cache at least.
     *
     * @return how many
     */
    long size();

    /**
     * Removes the values whose keys start with a prefix; several round trips.
     *
     * @param prefix the prefix, empty for all
     * @return how many were removed
     */
    long clear(String prefix);

    /**
     * Writes all entries to a file, as they are stored and with their times to live; many round trips. Entries that are
     * there all the while are in it, others may be; it is no snapshot. At most 128 entries are in memory at a time. The file
     * appears under its name when it is complete and on disk, and then replaces one that was there; only its owner may read
     * it.
     *
     * @param file its name
     * @return how many entries it has
     * @throws java.io.UncheckedIOException if it cannot be written; then there is no new file
     */
    long dump(Path file);

    /**
     * Writes the entries of a dump, over those of the same keys; others stay. The whole file is checked before the first is
     * written; many round trips then, and not atomic: after a failure some may be written. Each expires when it would have
     * expired; those whose time is over are left out.
     *
     * @param file what {@link #dump} wrote, of a cache of this name
     * @return how many were written
     * @throws CodecException if the file is no dump of this cache, is damaged or cut off, or has a value over the limit;
     *     nothing is written then
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    long load(Path file);

    /**
     * What the copies on this node were good for.
     *
     * @return counters of this node, for all objects of this name that keep copies; empty if this one keeps none
     */
    Optional<NearStats> nearStats();

    /**
     * The same cache in stages instead of blocking calls.
     *
     * @return its asynchronous form
     */
    AsyncCache<V> async();

    /**
     * A value as read.
     *
     * @param <V> the type of the value
     * @param value the value
     * @param version changes with every write
     */
    record Entry<V>(V value, long version) {}
}
