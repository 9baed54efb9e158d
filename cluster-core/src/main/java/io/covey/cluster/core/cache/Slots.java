package io.covey.cluster.core.cache;

import io.covey.cluster.Codec;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Names;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * How a cache's keys and values look in the store: the cache's name, a slash, which no name has, and the key.
 *
 * @param <V> the type of the values
 */
record Slots<V>(String name, Codec<V> codec, int maxValueBytes) {

    String slot(String key) {
        return name + "/" + CacheRules.key(name, key);
    }

    Set<String> slots(Collection<String> keys) {
        Set<String> slots = new LinkedHashSet<>();
        keys.forEach(key -> slots.add(slot(key)));
        return slots;
    }

    String prefix(String prefix) {
        return name + "/" + CacheRules.prefix(name, prefix);
    }

    String key(String slot) {
        return slot.substring(name.length() + 1);
    }

    String where(String key) {
        return "Cache " + name + ", key \"" + Names.printable(key) + "\"";
    }

    byte[] encode(String key, V value) {
        return CacheRules.value(where(key), Codecs.encode(codec, value, where(key)), maxValueBytes);
    }

    Map<String, byte[]> encode(Map<String, V> values) {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        values.forEach((key, value) -> encoded.put(slot(key), encode(key, value)));
        return encoded;
    }

    V decode(String key, CacheStore.Entry entry) {
        return Codecs.decode(codec, entry.value(), where(key));
    }

    Map<String, V> decode(Collection<String> keys, Map<String, CacheStore.Entry> entries) {
        Map<String, V> values = new LinkedHashMap<>();
        for (String key : keys) {
            CacheStore.Entry entry = entries.get(slot(key));
            if (entry != null) {
                values.put(key, decode(key, entry));
            }
        }
        return values;
    }
}
