package io.covey.cluster.core.local;

import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The locks of a namespace. A grant that ended is kept for a day, so that the fences of a lock grow. */
final class LockTable {
    private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();
    private static final int ACQUIRED_BETWEEN_SWEEPS = 1024;
    private static final String NOBODY = "";

    private final LocalClock clock;
    private final ConcurrentMap<String, Grant> grants = new ConcurrentHashMap<>();
    private final AtomicLong acquired = new AtomicLong();
    private final Hints free = new Hints();

    LockTable(LocalClock clock) {
        this.clock = clock;
    }

    Hints free() {
        return free;
    }

    LeaseAttempt acquire(String name, String owner, Duration lease) {
        sweep();
        long now = clock.monotonicMillis();
        long end = Math.addExact(now, lease.toMillis());
        Grant grant = grants.compute(name, (same, old) -> {
            if (old == null) {
                return new Grant(owner, Fences.after(0, clock), end);
            }
            if (old.heldBy(owner, now)) {
                return new Grant(owner, old.fence, end);
            }
            return old.held(now) ? old : new Grant(owner, Fences.after(old.fence, clock), end);
        });
        return grant.owner.equals(owner)
                ? new LeaseAttempt.Granted(grant.fence)
                : new LeaseAttempt.Busy(Duration.ofMillis(grant.end - now));
    }

    boolean extend(String name, String owner, Duration lease) {
        long now = clock.monotonicMillis();
        long end = Math.addExact(now, lease.toMillis());
        Grant grant = grants.computeIfPresent(
                name, (same, old) -> old.heldBy(owner, now) ? new Grant(owner, old.fence, end) : old);
        return grant != null && grant.heldBy(owner, now);
    }

    boolean release(String name, String owner) {
        long now = clock.monotonicMillis();
        boolean[] released = new boolean[1];
        grants.computeIfPresent(name, (same, old) -> {
            released[0] = old.heldBy(owner, now);
            return released[0] ? new Grant(NOBODY, old.fence, now) : old;
        });
        if (released[0]) {
            free.give(name);
        }
        return released[0];
    }

    /** Those that are held, by name, after a name. */
    Page<Holding> holdings(String prefix, Optional<String> after, int limit) {
        long now = clock.monotonicMillis();
        return Holders.page(
                grants,
                prefix,
                after,
                limit,
                (name, grant) -> grant.held(now)
                        ? List.of(new Holding(
                                name, grant.owner, OptionalLong.of(grant.fence), Duration.ofMillis(grant.end - now)))
                        : List.of());
    }

    /** The number of locks remembered. */
    int size() {
        return grants.size();
    }

    private void sweep() {
        if (acquired.incrementAndGet() % ACQUIRED_BETWEEN_SWEEPS == 0) {
            long now = clock.monotonicMillis();
            grants.values().removeIf(grant -> now - grant.end > KEPT_MILLIS);
        }
    }

    private record Grant(String owner, long fence, long end) {

        boolean held(long now) {
            return !owner.equals(NOBODY) && now < end;
        }

        boolean heldBy(String someone, long now) {
            return owner.equals(someone) && held(now);
        }
    }
}
