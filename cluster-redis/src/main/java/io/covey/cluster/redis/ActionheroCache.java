package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * actionhero's cache, its {@code cache.save}, {@code cache.load} and {@code cache.destroy}: values as JSON, each under a key.
 * Keys that somebody has locked under another name are refused with {@link ActionheroLockedException}; the check and what
 * follows are one atomic step, except on Redis Cluster where key and lock are on different servers.
 *
 * @param <V> the type of the values
 */
public final class ActionheroCache<V> {
    private static final Script SAVE = Script.of("actionhero-save");
    private static final Script LOAD = Script.of("actionhero-load");
    private static final Script DESTROY = Script.of("actionhero-destroy");
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final long BETWEEN_LOOKS = Duration.ofMillis(100).toNanos();
    private static final int PAGE = 1000;
    private static final long KEEP = -1;

    private final ActionheroKeys keys;
    private final ActionheroFormat format;
    private final ActionheroJson<V> json;
    private final Duration patience;

    ActionheroCache(ActionheroKeys keys, ActionheroFormat format, ActionheroJson<V> json, Duration patience) {
        this.keys = keys;
        this.format = format;
        this.json = json;
        this.patience = patience;
    }

    /**
     * The same cache, whose loads wait for the locks of others, actionhero's option {@code retry}: every 100 ms they look
     * whether the key is unlocked. An interrupt ends the waiting.
     *
     * @param longest how long a load waits before it is refused
     * @return a view that waits
     */
    public ActionheroCache<V> waiting(Duration longest) {
        return new ActionheroCache<>(keys, format, json, longest);
    }

    /**
     * Saves a value that does not expire.
     *
     * @param key the key, 1 to 1024 characters without control characters
     * @param value the value
     * @throws ActionheroLockedException if somebody else has locked the key
     * @throws CodecException if the value cannot be written as JSON of at most 4 MiB
     */
    public void save(String key, V value) {
        save(key, value, Optional.empty());
    }

    /**
     * Saves a value.
     *
     * @param key the key, 1 to 1024 characters without control characters
     * @param value the value
     * @param ttl for how long, 1 ms to 10 years; as in actionhero 9, what is written in its format ends to Redis' clock up
     *     to a second later, but is not loaded any more
     * @throws ActionheroLockedException if somebody else has locked the key
     * @throws CodecException if the value cannot be written as JSON of at most 4 MiB
     */
    public void save(String key, V value, Duration ttl) {
        save(key, value, Optional.of(millis(key, ttl)));
    }

    private void save(String key, V value, Optional<Long> ttl) {
        if (value == null) {
            throw new IllegalArgumentException(keys.where(key) + ": the value is null; nothing was saved");
        }
        long now = keys.now();
        byte[] entry =
                ActionheroEntry.bytes(format, json.tree(value, keys.where(key)), now, ttl.map(millis -> now + millis));
        keys.minding(
                key,
                SAVE,
                keys.lockName(),
                ActionheroJson.bounded(entry, keys.where(key)),
                ttl.map(this::kept).orElse(0L));
    }

    /**
     * Loads a value. In the format of version 9 an entry of that version is written back with the time of the reading, in a
     * second round trip, unless somebody has saved another meanwhile (actionhero itself would overwrite that).
     *
     * @param key the key
     * @return the entry, empty if there is none or it expired
     * @throws ActionheroLockedException if somebody else has locked the key
     * @throws CodecException if the entry cannot be read
     */
    public Optional<Loaded<V>> load(String key) {
        return load(key, Optional.empty());
    }

    /**
     * Loads a value and gives it a new time to live, actionhero's {@code expireTimeMS}. In the format of version 9 an entry
     * that does not expire stays so, as there.
     *
     * @param key the key
     * @param ttl for how long from now, 1 ms to 10 years
     * @return the entry, empty if there is none or it expired
     * @throws ActionheroLockedException if somebody else has locked the key
     * @throws CodecException if the entry cannot be read
     */
    public Optional<Loaded<V>> load(String key, Duration ttl) {
        return load(key, Optional.of(millis(key, ttl)));
    }

    private Optional<Loaded<V>> load(String key, Optional<Long> ttl) {
        long end = System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(patience));
        while (true) {
            try {
                return loadUnlocked(key, ttl);
            } catch (ActionheroLockedException e) {
                if (end - System.nanoTime() <= 0 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        }
    }

    private Optional<Loaded<V>> loadUnlocked(String key, Optional<Long> ttl) {
        boolean old = format == ActionheroFormat.V9;
        Object found = keys.minding(key, LOAD, keys.lockName(), old ? 0L : ttl.orElse(0L));
        if (found == null) {
            return Optional.empty();
        }
        byte[] bytes = Replies.bytes(found);
        ActionheroEntry entry = ActionheroEntry.read(bytes, keys.where(key));
        long now = keys.now();
        Optional<Instant> expires = entry.expires();
        if (expires.isPresent() && expires.get().toEpochMilli() < now) {
            return Optional.empty();
        }
        if (old && entry.isOfVersion9()) {
            Optional<Long> longer = expires.isPresent() ? ttl : Optional.empty();
            byte[] changed = entry.readAt(now, longer.map(millis -> now + millis));
            keys.minding(
                    key, SAVE, keys.lockName(), changed, longer.map(this::kept).orElse(KEEP), bytes);
            expires = longer.map(millis -> Instant.ofEpochMilli(now + millis)).or(entry::expires);
        }
        Object value = entry.value();
        return Optional.of(new Loaded<>(
                value == null ? null : json.value(value, keys.where(key)), entry.created(), expires, entry.read()));
    }

    /**
     * Removes an entry, or a list.
     *
     * @param key the key
     * @return false if there was none
     * @throws ActionheroLockedException if somebody else has locked the key
     */
    public boolean destroy(String key) {
        return Replies.number(keys.minding(key, DESTROY, keys.lockName())) == 1;
    }

    /**
     * The keys that start with a prefix, those of lists included; many round trips, which go through all keys of Redis. A key
     * that is there all the while is among them.
     *
     * @param prefix the prefix, empty for all
     * @return the keys, without actionhero's prefix
     */
    public Set<String> keys(String prefix) {
        KeyScan scan = new KeyScan(keys.redis());
        String begin = keys.cachePrefix() + prefix;
        return Page.stream(cursor -> keys.on(prefix, scan.page(begin, cursor, PAGE)))
                .map(name -> name.substring(keys.cachePrefix().length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** How long Redis keeps what shall live for so many ms: version 9 rounds up to seconds. */
    private long kept(long millis) {
        return format == ActionheroFormat.V9 ? (millis + 999) / 1000 * 1000 : millis;
    }

    private long millis(String key, Duration ttl) {
        if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    keys.where(key) + ": a time to live is between 1 ms and 10 years, was " + ttl);
        }
        return ttl.toMillis();
    }

    /**
     * A value as loaded.
     *
     * @param <V> the type of the value
     * @param value the value; null where JavaScript has saved null or undefined
     * @param createdAt when it was saved, by the clock of who saved it
     * @param expiresAt when it ends, if version 9 saved it with a time to live; 29 leaves that to Redis
     * @param lastReadAt when it was loaded before, if version 9 saved and loaded it
     */
    public record Loaded<V>(
            @Nullable V value, Instant createdAt, Optional<Instant> expiresAt, Optional<Instant> lastReadAt) {}
}
