package io.covey.cluster.core.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that each end at a time. What ended unnoticed is swept by later writes. Guarded by its user. */
final class Expiring<K, V> {
    private static final int SWEPT_FROM = 1024;
    private final Map<K, Ending<V>> values = new HashMap<>();
    private int sweepAt = SWEPT_FROM;

    void put(K key, V value, long end, long now) {
        if (values.size() >= sweepAt) {
            sweep(now);
        }
        values.put(key, new Ending<>(value, end));
    }

    @Nullable
    V get(K key, long now) {
        Ending<V> found = values.get(key);
        return found == null || found.end <= now ? null : found.value;
    }

    void remove(K key) {
        values.remove(key);
    }

    /** The values that have not ended, in no order. */
    List<V> all(long now) {
        List<V> all = new ArrayList<>(values.size());
        for (Ending<V> value : values.values()) {
            if (value.end > now) {
                all.add(value.value);
            }
        }
        return all;
    }

    void sweep(long now) {
        values.values().removeIf(value -> value.end <= now);
        sweepAt = Math.max(SWEPT_FROM, 2 * values.size());
    }

    int size() {
        return values.size();
    }

    private record Ending<V>(V value, long end) {}
}
