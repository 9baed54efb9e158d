package io.covey.cluster.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Entries under keys, each with a version and perhaps a time to live, and counters. Keys are any text without control
 * characters, at most 1 KiB in UTF-8; the caller has checked that.
 */
public interface CacheStore {

    /**
     * Reads an entry.
     *
     * @param key the key
     * @return the entry, empty if there is none or it expired
     */
    CompletionStage<Optional<Entry>> get(String key);

    /**
     * Reads entries, not as one snapshot.
     *
     * @param keys the keys
     * @return those present, in any order
     */
    CompletionStage<Map<String, Entry>> getAll(Collection<String> keys);

    /**
     * Reads entries with what is left of their times to live, each as one atomic step but not all together.
     *
     * @param keys the keys
     * @return those present, in any order
     */
    CompletionStage<Map<String, Timed>> getAllTimed(Collection<String> keys);

    /**
     * Writes an entry with a new version if the condition holds, as one atomic step.
     *
     * @param key the key
     * @param value the value
     * @param expiry what becomes of its time to live
     * @param match when to write
     * @return false if the condition did not hold, then nothing was written
     */
    CompletionStage<Boolean> put(String key, byte[] value, Expiry expiry, Match match);

    /**
     * Writes entries without a condition, each atomically but not all together.
     *
     * @param values key to value
     * @param expiry what becomes of their times to live
     * @return completes when all are written; if it fails some may be
     */
    CompletionStage<Void> putAll(Map<String, byte[]> values, Expiry expiry);

    /**
     * Gives an entry another time to live; value and version stay.
     *
     * @param key the key
     * @param expiry the new one
     * @return false if there is no entry
     */
    CompletionStage<Boolean> touch(String key, Expiry expiry);

    /**
     * Reads an entry and gives it another time to live, as one atomic step.
     *
     * @param key the key
     * @param expiry the new one
     * @return the entry, empty if there is none
     */
    CompletionStage<Optional<Entry>> getAndTouch(String key, Expiry expiry);

    /**
     * Reads entries and gives them another time to live, each as one atomic step but not all together.
     *
     * @param keys the keys
     * @param expiry the new one
     * @return those present, in any order
     */
    CompletionStage<Map<String, Entry>> getAllAndTouch(Collection<String> keys, Expiry expiry);

    /**
     * Removes an entry if the condition holds, as one atomic step.
     *
     * @param key the key
     * @param match when to remove
     * @return false if there was no entry or the condition did not hold
     */
    CompletionStage<Boolean> remove(String key, Match match);

    /**
     * Lists keys a page at a time. A key that is there all the while is listed at least once.
     *
     * @param prefix what the keys start with
     * @param cursor empty to begin, else that of the page before
     * @param limit about how many
     * @return some keys, perhaps none although there are more pages
     */
    CompletionStage<Page<String>> scan(String prefix, Optional<String> cursor, int limit);

    /**
     * Removes every entry that is there all the while and whose key starts with a prefix.
     *
     * @param prefix what the keys start with
     * @return how many were removed
     */
    CompletionStage<Long> removeAll(String prefix);

    /**
     * Adds to counters, all or none, and once although the call may be repeated.
     *
     * @param call for a repeat after a lost answer: the same again
     * @param namespace which counters
     * @param deltas counter to what is added
     * @return completes when it is written; fails with a {@link io.covey.cluster.RefusedException} that names the counter if
     *     one would leave the range of 64 bits (a backend may draw the line at 9.2·10¹⁸), or holds no integer
     */
    CompletionStage<Void> add(Call call, String namespace, Map<String, Long> deltas);

    /**
     * Reads all counters of a namespace.
     *
     * @param namespace which counters
     * @return counter to value, as one snapshot
     */
    CompletionStage<Map<String, Long>> counters(String namespace);

    /**
     * Reads some counters of a namespace.
     *
     * @param namespace which counters
     * @param names their names
     * @return counter to value of those that there are, as one snapshot
     */
    CompletionStage<Map<String, Long>> counters(String namespace, Collection<String> names);

    /**
     * Removes counters, as one atomic step.
     *
     * @param namespace which counters
     * @param names their names
     * @return how many there were
     */
    CompletionStage<Long> removeCounters(String namespace, Collection<String> names);

    /**
     * News of changed entries, for those who keep copies.
     *
     * @return empty if this store tells nothing of changes: then a near-cache knows only its own, and lives by its time to
     *     live
     */
    default Optional<InvalidationSource> invalidations() {
        return Optional.empty();
    }

    /**
     * An entry.
     *
     * @param value the value
     * @param version another after every write, compared only for being equal
     */
    record Entry(byte[] value, long version) {}

    /**
     * An entry and how long it has left.
     *
     * @param entry the entry
     * @param expiry {@link Expiry.Never} if it does not expire, else {@link Expiry.After} a time of at least 1 ms
     */
    record Timed(Entry entry, Expiry expiry) {}

    /** What becomes of a time to live. */
    sealed interface Expiry {

        /**
         * It ends after a time from now.
         *
         * @param ttl at least 1 ms
         */
        record After(Duration ttl) implements Expiry {}

        /** It does not end. */
        record Never() implements Expiry {}

        /** It stays what it was; an entry that was not there does not expire. */
        record Keep() implements Expiry {}
    }

    /** When to write or remove. */
    sealed interface Match {

        /** Always. */
        record Any() implements Match {}

        /** If there is no entry. */
        record Absent() implements Match {}

        /** If there is an entry. */
        record Present() implements Match {}

        /**
         * If the entry is of this version.
         *
         * @param version as read
         */
        record Version(long version) implements Match {}
    }
}
