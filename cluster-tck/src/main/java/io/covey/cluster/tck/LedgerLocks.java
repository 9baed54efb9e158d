package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The locks of unique tasks as the {@link Ledger} knows them; time frees only those of throttled ones. */
final class LedgerLocks {
    /** Locks that workers of other makes know are counted in seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private final Map<String, Lock> locks = new HashMap<>();
    private final Map<String, Span> spans = new HashMap<>();

    /** A lock that one of these holds; perhaps it is free already, if somebody frees it in his own time. */
    private record Lock(Set<LedgerTask> holders, boolean perhapsFree) {}

    /** Until when a lock that time frees is held at least, and at most. */
    private record Span(Instant least, Instant most) {}

    /** A task that would hold a lock was judged; it was not refused for its id. */
    void judged(LedgerTask task, boolean accepted) {
        Lock lock = locks.get(task.lock);
        Ledger.check(
                accepted == (lock == null) || lock != null && lock.perhapsFree,
                task + " accepted: " + accepted + " although its lock is " + lock);
        if (accepted) {
            locks.put(task.lock, new Lock(Set.of(task), false));
        }
    }

    /** A task was judged that takes a lock for a time, some time from then till now. */
    void throttled(LedgerTask task, boolean accepted, Instant then, Instant now) {
        Span span = spans.get(task.lock);
        String what = task + " accepted: " + accepted + " between " + then + " and " + now + " although " + span;
        Ledger.check(accepted || span != null && then.isBefore(span.most), what);
        Ledger.check(!accepted || span == null || !now.isBefore(span.least), what);
        if (accepted) {
            spans.put(task.lock, new Span(then.plus(task.longest), latest(task, now)));
        }
    }

    private static Instant latest(LedgerTask task, Instant taken) {
        return taken.plus(task.longest).plus(ROUNDING);
    }

    /** A failed task is listed: what it held when it was found to be poison is free. */
    void listed(LedgerTask task, Kind kind) {
        Lock lock = locks.get(task.lock);
        if (kind == Kind.OWN && lock != null && lock.perhapsFree && lock.holders.equals(Set.of(task))) {
            locks.remove(task.lock);
        }
    }

    /** Failed tasks run again, in any order, some time from then till now: they take locks that are free, where they say so. */
    void retried(Collection<LedgerTask> tasks, Function<String, Kind> kinds, Instant then, Instant now) {
        Set<String> free = new HashSet<>();
        for (LedgerTask task : tasks) {
            if (task.lock.isEmpty() || kinds.apply(task.queue) != Kind.OWN) {
                continue;
            }
            if (task.until == Until.EXPIRY) {
                throttledAgain(task, then, now);
                continue;
            }
            Lock lock = locks.get(task.lock);
            if (lock == null) {
                free.add(task.lock);
                locks.put(task.lock, new Lock(Set.of(task), false));
            } else if (lock.perhapsFree || free.contains(task.lock)) {
                Set<LedgerTask> holders = new HashSet<>(lock.holders);
                holders.add(task);
                locks.put(task.lock, new Lock(Set.copyOf(holders), lock.perhapsFree));
            }
        }
    }

    private void throttledAgain(LedgerTask task, Instant then, Instant now) {
        Span span = spans.get(task.lock);
        if (span == null || !then.isBefore(span.most)) {
            spans.put(task.lock, new Span(then.plus(task.longest), latest(task, now)));
        } else if (!now.isBefore(span.least)) {
            Instant most = latest(task, now);
            spans.put(task.lock, new Span(span.least, most.isAfter(span.most) ? most : span.most));
        }
    }

    /** Whether it is known to hold its lock, and nobody else. */
    boolean isHeldBy(LedgerTask task) {
        Lock lock = locks.get(task.lock);
        return lock != null && lock.holders.equals(Set.of(task)) && !lock.perhapsFree;
    }

    /** A task frees its lock, and if the kind of its queue cannot tell, that of another. */
    void free(LedgerTask task, Kind kind) {
        Lock lock = locks.get(task.lock);
        if (lock != null && kind == Kind.OWN && !lock.holders.equals(Set.of(task))) {
            Set<LedgerTask> others = new HashSet<>(lock.holders);
            boolean perhaps = others.remove(task);
            locks.put(task.lock, new Lock(Set.copyOf(others), perhaps || lock.perhapsFree));
        } else {
            locks.remove(task.lock);
        }
    }

    /** A task is gone without a settlement: its lock is freed if the kind of its queue can tell, and in a while. */
    void gone(LedgerTask task, Kind kind, boolean atOnce) {
        Lock lock = locks.get(task.lock);
        if (lock == null || task.until == Until.EXPIRY) {
            return;
        }
        if (kind == Kind.OWN && !lock.holders.contains(task)) {
            return;
        }
        if (kind == Kind.OWN && atOnce) {
            free(task, kind);
        } else {
            locks.put(task.lock, new Lock(lock.holders, true));
        }
    }
}
