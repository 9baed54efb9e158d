package io.covey.cluster.core.local;

import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.CacheStore.Timed;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The entries of a cache namespace. Each step is atomic by comparing and exchanging one slot. */
final class Entries {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int SWEPT_AT_A_WRITE = 2;

    private final LocalClock clock;
    private final ConcurrentNavigableMap<String, Slot> slots = new ConcurrentSkipListMap<>();
    private final AtomicLong versions = new AtomicLong();
    private volatile String swept = "";

    private final Watchers watchers = new Watchers();

    Entries(LocalClock clock) {
        this.clock = clock;
    }

    /** Who is told of each change before the call that made it returns. */
    Watchers watchers() {
        return watchers;
    }

    Optional<Entry> get(String key) {
        return Optional.ofNullable(live(key)).map(Slot::entry);
    }

    boolean put(String key, byte[] value, Expiry expiry, Match match) {
        sweep();
        long version = versions.incrementAndGet();
        while (true) {
            Slot old = live(key);
            if (!holds(match, old)) {
                return false;
            }
            Slot written = new Slot(new Entry(value, version), end(expiry, old));
            if (old == null ? slots.putIfAbsent(key, written) == null : slots.replace(key, old, written)) {
                watchers.changed(key);
                return true;
            }
        }
    }

    Optional<Entry> touch(String key, Expiry expiry) {
        for (Slot old = live(key); old != null; old = live(key)) {
            if (slots.replace(key, old, new Slot(old.entry, end(expiry, old)))) {
                watchers.changed(key);
                return Optional.of(old.entry);
            }
        }
        return Optional.empty();
    }

    boolean remove(String key, Match match) {
        for (Slot old = live(key); old != null && holds(match, old); old = live(key)) {
            if (slots.remove(key, old)) {
                watchers.changed(key);
                return true;
            }
        }
        return false;
    }

    Optional<Timed> timed(String key) {
        return Optional.ofNullable(live(key)).map(slot -> new Timed(slot.entry, left(slot)));
    }

    private Expiry left(Slot slot) {
        return slot.end == NEVER
                ? new Expiry.Never()
                : new Expiry.After(Duration.ofMillis(Math.max(1, slot.end - clock.monotonicMillis())));
    }

    Page<String> scan(String prefix, Optional<String> cursor, int limit) {
        List<String> keys = new ArrayList<>();
        Function<String, ConcurrentNavigableMap<String, Slot>> after = last -> slots.tailMap(last, false);
        for (String key :
                cursor.map(after).orElseGet(() -> slots.tailMap(prefix)).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            if (keys.size() >= Math.max(1, limit)) {
                return new Page<>(keys, Optional.of(keys.get(keys.size() - 1)));
            }
            if (live(key) != null) {
                keys.add(key);
            }
        }
        return new Page<>(keys, Optional.empty());
    }

    long removeAll(String prefix) {
        long removed = 0;
        for (String key : slots.tailMap(prefix).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            if (remove(key, new Match.Any())) {
                removed++;
            }
        }
        return removed;
    }

    /** The number of slots held, those of entries that expired unnoticed included. */
    int size() {
        return slots.size();
    }

    private @Nullable Slot live(String key) {
        Slot slot = slots.get(key);
        if (slot != null && expired(slot)) {
            expire(key, slot);
            return null;
        }
        return slot;
    }

    private boolean expired(Slot slot) {
        return slot.end != NEVER && clock.monotonicMillis() >= slot.end;
    }

    private static boolean holds(Match match, @Nullable Slot slot) {
        if (match instanceof Match.Version wanted) {
            return slot != null && slot.entry.version() == wanted.version();
        }
        return match instanceof Match.Any || match instanceof Match.Absent == (slot == null);
    }

    private long end(Expiry expiry, @Nullable Slot old) {
        if (expiry instanceof Expiry.After after) {
            long left = after.ttl().toMillis();
            if (left < 1) {
                throw new IllegalArgumentException("A time to live must be at least 1 ms, was " + after.ttl());
            }
            return Math.addExact(clock.monotonicMillis(), left);
        }
        return expiry instanceof Expiry.Keep && old != null ? old.end : NEVER;
    }

    /** Each write looks at the next two slots, so what expired is gone after half a round of writes at the latest. */
    private void sweep() {
        for (int i = 0; i < SWEPT_AT_A_WRITE; i++) {
            Map.Entry<String, Slot> next = slots.higherEntry(swept);
            if (next == null) {
                swept = "";
                return;
            }
            swept = next.getKey();
            if (expired(next.getValue())) {
                expire(next.getKey(), next.getValue());
            }
        }
    }

    private void expire(String key, Slot slot) {
        if (slots.remove(key, slot)) {
            watchers.changed(key);
        }
    }

    /** No record: compared by identity, so that an exchange notices every write and touch. */
    private static final class Slot {
        private final Entry entry;
        private final long end;

        private Slot(Entry entry, long end) {
            this.entry = entry;
            this.end = end;
        }

        private Entry entry() {
            return entry;
        }
    }
}
