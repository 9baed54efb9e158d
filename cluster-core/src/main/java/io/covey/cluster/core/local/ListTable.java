package io.covey.cluster.core.local;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.ListStore.Bound;
import io.covey.cluster.spi.ListStore.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lists of a namespace, one step at a time, and the last steps of the conversations with them. */
final class ListTable {
    private static final long NEVER = Long.MAX_VALUE;

    private final LocalClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, Items> lists = new TreeMap<>();
    private final LinkedHashMap<String, Step> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private String swept = "";

    ListTable(LocalClock clock) {
        this.clock = clock;
    }

    long push(Call call, String list, List<byte[]> items, Side side, Bound bound) {
        return (Long) once(call, 0L, () -> {
            count(items.size());
            sweep();
            Items there = live(list);
            Items changed = there == null ? new Items() : there;
            lists.put(list, changed);
            items.forEach(item -> changed.push(item, side));
            bound.most().ifPresent(most -> {
                while (changed.size() > most) {
                    changed.pop(side == Side.END ? Side.HEAD : Side.END);
                }
            });
            bound.ttl().ifPresent(ttl -> changed.end = Math.addExact(clock.monotonicMillis(), ttl.toMillis()));
            return changed.size();
        });
    }

    @SuppressWarnings("unchecked")
    List<byte[]> pop(Call call, String list, int most, Side side) {
        return (List<byte[]>) once(call, List.of(), () -> {
            count(most);
            List<byte[]> popped = new ArrayList<>();
            Items there = live(list);
            while (there != null && popped.size() < most && there.size() > 0) {
                popped.add(there.pop(side));
            }
            if (there != null && there.size() == 0) {
                lists.remove(list);
            }
            return List.copyOf(popped);
        });
    }

    List<byte[]> range(String list, long from, int most) {
        return locked(() -> {
            Items there = live(list);
            return there == null ? List.of() : there.range(from, most);
        });
    }

    long length(String list) {
        return locked(() -> {
            Items there = live(list);
            return there == null ? 0L : there.size();
        });
    }

    boolean remove(String list) {
        return locked(() -> live(list) != null && lists.remove(list) != null);
    }

    /** The number of lists held, those that expired unnoticed included. */
    int size() {
        return locked(lists::size);
    }

    /** The number of conversations remembered. */
    int lanes() {
        return locked(lanes::size);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param stale what a late copy is answered
     */
    private Object once(Call call, Object stale, Supplier<Object> work) {
        return locked(() -> {
            Step last = lanes.get(call.lane());
            if (last != null && call.seq() <= last.seq()) {
                return call.seq() == last.seq() ? last.answer() : stale;
            }
            long now = clock.monotonicMillis();
            Object answer = work.get();
            lanes.put(call.lane(), new Step(call.seq(), answer, now));
            var oldest = lanes.values().iterator();
            while (oldest.hasNext() && now - oldest.next().at() > ListStore.REMEMBERED.toMillis()) {
                oldest.remove();
            }
            return answer;
        });
    }

    private @Nullable Items live(String list) {
        Items items = lists.get(list);
        if (items != null && expired(items)) {
            lists.remove(list);
            return null;
        }
        return items;
    }

    private boolean expired(Items items) {
        return items.end != NEVER && clock.monotonicMillis() >= items.end;
    }

    /** Each push looks at the next two lists. */
    private void sweep() {
        for (int i = 0; i < 2; i++) {
            Map.Entry<String, Items> next = lists.higherEntry(swept);
            if (next == null) {
                swept = "";
                return;
            }
            swept = next.getKey();
            if (expired(next.getValue())) {
                lists.remove(swept);
            }
        }
    }

    private static void count(int items) {
        if (items < 1 || items > ListStore.MOST) {
            throw new IllegalArgumentException(
                    "1 to " + ListStore.MOST + " items are pushed or popped at once, were " + items);
        }
    }

    private record Step(long seq, Object answer, long at) {}

    /** Items under numbers without gaps. */
    private static final class Items {
        private final TreeMap<Long, byte[]> items = new TreeMap<>();
        private long end = NEVER;

        private long size() {
            return items.size();
        }

        private void push(byte[] item, Side side) {
            if (items.isEmpty()) {
                items.put(0L, item);
            } else {
                items.put(side == Side.END ? items.lastKey() + 1 : items.firstKey() - 1, item);
            }
        }

        private byte[] pop(Side side) {
            return (side == Side.HEAD ? items.pollFirstEntry() : items.pollLastEntry()).getValue();
        }

        private List<byte[]> range(long from, int most) {
            if (from >= size()) {
                return List.of();
            }
            long start = (from < 0 ? items.lastKey() + 1 : items.firstKey()) + from;
            return List.copyOf(items.subMap(start, start + most).values());
        }
    }
}
