package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The locks of unique tasks as the {@link Ledger} knows them; time frees none of them. */
final class LedgerLocks {
    private final Map<String, Lock> locks = new HashMap<>();

    /** A lock; perhaps it is free already, if somebody frees it in his own time. */
    private record Lock(LedgerTask holder, boolean perhapsFree) {}

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
