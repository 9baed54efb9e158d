package io.covey.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Values shared by all nodes, each under a key, for a time. Every method is one round trip unless it says otherwise, and
 * throws {@link TransportException} if the backend does not answer within the command timeout, and
 * {@link CodecException}, naming codec and key, if an entry cannot be read.
 *
 * <p>Keys are 1 to 512 bytes of UTF-8 without control characters; a time to live is between 1 ms and 10 years; values
 * are at most as long as the settings allow (16 MiB by default). What does not fit is refused with
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
     * Reads a value with its version, for {@link #replace(String, Entry, Object)}.
     *
     * @param key the key
     * @return the entry, empty if there is none
     */
    Optional<Entry<V>> getEntry(String key);

    /**
     * Reads many values.
     *
     * @param keys the keys
     * @return those present, in the order of the keys
     */
    Map<String, V> getAll(Collection<String> keys);

    /**
     * Writes a value that does not expire. One that was there, and its time to live, are gone.
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
     * Writes many values that do not expire. Not atomic: after an exception some may be written.
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
     * Writes a value if there is none.
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
     * from beginning to end is seen, once; others may be.
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
