package io.covey.cluster.core.cache;

import io.covey.cluster.Codec;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.near.Form;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Names;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a cache's keys and values look in the store: the cache's name, a slash, which no name has, and the key.
 *
 * @param <V> the type of the values
 */
record CacheForm<V>(String name, Codec<V> codec, int maxValueBytes, InstantSource clock) implements Form<Found<V>> {

    @Override
    public String slot(String key) {
        return name + "/" + CacheRules.key(name, key);
    }

    /** Where it is claimed who loads a key; no key of any cache is there. */
    String claim(String key) {
        return name + "!/" + CacheRules.key(name, key);
    }

    String prefix(String prefix) {
        return name + "/" + CacheRules.prefix(name, prefix);
    }

    @Override
    public String key(String slot) {
        return slot.substring(name.length() + 1);
    }

    String where(String key) {
        return "Cache " + name + ", key \"" + Names.printable(key) + "\"";
    }

    byte[] encode(String key, V value) {
        return Cell.of(clock.instant(), bytes(key, value));
    }

    /** The value alone. */
    byte[] bytes(String key, V value) {
        CacheRules.notNull(() -> where(key), value);
        return CacheRules.value(() -> where(key), Codecs.encode(codec, value, () -> where(key)), maxValueBytes);
    }

    Map<String, byte[]> encode(Map<String, V> values) {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        values.forEach((key, value) -> encoded.put(slot(key), encode(key, value)));
        return encoded;
    }

    V decode(String key, byte[] bytes) {
        return Codecs.decode(codec, bytes, () -> where(key));
    }

    @Override
    public Found<V> read(String key, CacheStore.Entry entry) {
        Cell cell = Cell.read(() -> where(key), entry.value());
        return new Found<>(cell.value().map(bytes -> decode(key, bytes)), entry.version(), cell.written());
    }
}
