package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The locks of unique tasks as the {@link Ledger} knows them; time frees only those of throttled ones. */
final class LedgerLocks {
    /** Locks that workers of other makes know are counted in seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private final Map<String, Lock> locks = new HashMap<>();
    private final Map<String, Span> spans = new HashMap<>();

    /** A lock; perhaps it is free already, if somebody frees it in his own time. */
    private record Lock(LedgerTask holder, boolean perhapsFree) {}

    /** Until when a lock that time frees is held at least, and at most. */
    private record Span(Instant least, Instant most) {}

    /** A task that would hold a lock was judged; it was not refused for its id. */
    void judged(LedgerTask task, boolean accepted) {
        Lock lock = locks.get(task.lock);
        Ledger.check(
                accepted == (lock == null) || lock != null && lock.perhapsFree,
                task + " accepted: " + accepted + " although its lock is " + lock);
        if (accepted) {
            locks.put(task.lock, new Lock(task, false));
        }
    }

    /** A task was judged that takes a lock for a time, some time from then till now. */
    void throttled(LedgerTask task, boolean accepted, Duration longest, Instant then, Instant now) {
        Span span = spans.get(task.lock);
        String what = task + " accepted: " + accepted + " between " + then + " and " + now + " although " + span;
        Ledger.check(accepted || span != null && then.isBefore(span.most), what);
        Ledger.check(!accepted || span == null || !now.isBefore(span.least), what);
        if (accepted) {
            spans.put(task.lock, new Span(then.plus(longest), now.plus(longest).plus(ROUNDING)));
        }
    }

    boolean isFree(String name) {
        return !locks.containsKey(name);
    }

    boolean isHeldBy(LedgerTask task) {
        Lock lock = locks.get(task.lock);
        return lock != null && lock.holder == task && !lock.perhapsFree;
    }

    void free(LedgerTask task) {
        locks.remove(task.lock);
    }

    /** A task is gone without a settlement: it is freed if the kind of its queue can tell, and in a while. */
    void gone(LedgerTask task, Kind kind, boolean atOnce) {
        @Nullable Lock lock = locks.get(task.lock);
        if (lock == null || task.until == Until.EXPIRY) {
            return;
        }
        if (kind == Kind.OWN && lock.holder != task) {
            return;
        }
        if (kind == Kind.OWN && atOnce) {
            locks.remove(task.lock);
        } else {
            locks.put(task.lock, new Lock(lock.holder, true));
        }
    }
}
