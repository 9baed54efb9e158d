package io.covey.cluster.core.local;

import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The semaphores of a namespace: who holds a permit of which, and until when. */
final class PermitTable {
    private static final int ACQUIRED_BETWEEN_SWEEPS = 1024;

    private final LocalClock clock;
    private final ConcurrentMap<String, Map<String, Long>> semaphores = new ConcurrentHashMap<>();
    private final AtomicLong acquired = new AtomicLong();
    private final Hints free = new Hints();

    PermitTable(LocalClock clock) {
        this.clock = clock;
    }

    Hints free() {
        return free;
    }

    LeaseAttempt acquire(String name, String owner, int permits, Duration lease) {
        sweep();
        long now = clock.monotonicMillis();
        long end = Math.addExact(now, lease.toMillis());
        LeaseAttempt[] answer = new LeaseAttempt[1];
        semaphores.compute(name, (same, old) -> {
            Map<String, Long> ends = old == null ? new HashMap<>() : old;
            ends.values().removeIf(each -> each <= now);
            if (ends.containsKey(owner) || ends.size() < permits) {
                ends.put(owner, end);
                answer[0] = new LeaseAttempt.Granted(0);
            } else {
                answer[0] = new LeaseAttempt.Busy(Duration.ofMillis(Collections.min(ends.values()) - now));
            }
            return ends;
        });
        return answer[0];
    }

    boolean extend(String name, String owner, Duration lease) {
        long now = clock.monotonicMillis();
        long end = Math.addExact(now, lease.toMillis());
        boolean[] extended = new boolean[1];
        semaphores.computeIfPresent(name, (same, ends) -> {
            extended[0] = ends.getOrDefault(owner, now) > now;
            if (extended[0]) {
                ends.put(owner, end);
            }
            return ends;
        });
        return extended[0];
    }

    boolean release(String name, String owner) {
        long now = clock.monotonicMillis();
        boolean[] released = new boolean[1];
        semaphores.computeIfPresent(name, (same, ends) -> {
            Long end = ends.remove(owner);
            released[0] = end != null && end > now;
            return ends.isEmpty() ? null : ends;
        });
        if (released[0]) {
            free.give(name);
        }
        return released[0];
    }

    /** The permits that are held, by name, after a name. */
    Page<Holding> holdings(String prefix, Optional<String> after, int limit) {
        long now = clock.monotonicMillis();
        return Holders.page(semaphores, prefix, after, limit, (name, same) -> {
            List<Holding> held = new ArrayList<>();
            semaphores.computeIfPresent(name, (unused, ends) -> {
                ends.forEach((owner, end) -> {
                    if (end > now) {
                        held.add(new Holding(name, owner, OptionalLong.empty(), Duration.ofMillis(end - now)));
                    }
                });
                return ends;
            });
            return held;
        });
    }

    /** The number of semaphores remembered. */
    int size() {
        return semaphores.size();
    }

    private void sweep() {
        if (acquired.incrementAndGet() % ACQUIRED_BETWEEN_SWEEPS == 0) {
            long now = clock.monotonicMillis();
            semaphores
                    .keySet()
                    .forEach(name -> semaphores.computeIfPresent(name, (same, ends) -> {
                        ends.values().removeIf(end -> end <= now);
                        return ends.isEmpty() ? null : ends;
                    }));
        }
    }
}
