package io.covey.cluster.core.local;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.Call;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** The counters of a namespace. */
final class Counters {
    private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

    private final LocalClock clock;
    private final ConcurrentMap<String, Group> groups = new ConcurrentHashMap<>();

    Counters(LocalClock clock) {
        this.clock = clock;
    }

    void add(Call call, String namespace, Map<String, Long> deltas) {
        groups.computeIfAbsent(namespace, absent -> new Group()).add(call, deltas, clock.monotonicMillis());
    }

    Map<String, Long> read(String namespace) {
        Group group = groups.get(namespace);
        return group == null ? new LinkedHashMap<>() : group.read();
    }

    long remove(String namespace, Collection<String> names) {
        Group group = groups.get(namespace);
        return group == null ? 0 : group.remove(names);
    }

    private record Step(long seq, long at) {}

    private static final class Group {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<String, Long> values = new LinkedHashMap<>();
        private final LinkedHashMap<String, Step> lanes = new LinkedHashMap<>(16, 0.75f, true);

        private void add(Call call, Map<String, Long> deltas, long now) {
            lock.lock();
            try {
                Step last = lanes.get(call.lane());
                if (last != null && call.seq() <= last.seq()) {
                    return;
                }
                Map<String, Long> sums = new LinkedHashMap<>();
                deltas.forEach((name, delta) -> sums.put(name, sum(name, values.getOrDefault(name, 0L), delta)));
                values.putAll(sums);
                lanes.put(call.lane(), new Step(call.seq(), now));
                var oldest = lanes.values().iterator();
                while (oldest.hasNext() && now - oldest.next().at() > KEPT_MILLIS) {
                    oldest.remove();
                }
            } finally {
                lock.unlock();
            }
        }

        private static long sum(String name, long value, long delta) {
            try {
                return Math.addExact(value, delta);
            } catch (ArithmeticException e) {
                throw new RefusedException("counter " + name + " would leave the range of 64 bits; nothing was added");
            }
        }

        private long remove(Collection<String> names) {
            lock.lock();
            try {
                return names.stream()
                        .filter(name -> values.remove(name) != null)
                        .count();
            } finally {
                lock.unlock();
            }
        }

        private Map<String, Long> read() {
            lock.lock();
            try {
                return new LinkedHashMap<>(values);
            } finally {
                lock.unlock();
            }
        }
    }
}
