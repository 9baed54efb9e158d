package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Release;
import java.util.Optional;

/** The locks of unique tasks of a queue. Guarded by its queue. */
final class UniqueLocks {
    private final Expiring<String, Lock> locks = new Expiring<>();

    /** Takes the lock for a task unless it is held. */
    boolean take(Unique unique, LocalTask task, long now) {
        if (isHeld(unique, task.content, now)) {
            return false;
        }
        Lock lock = new Lock(name(unique.key(), task.content), unique.until(), task.publicId);
        locks.put(lock.name, lock, Times.after(now, unique.longest()), now);
        task.lock = lock;
        return true;
    }

    /** Takes the lock for a task that runs again unless another holds it. */
    void takeAgain(Unique unique, LocalTask task, long now) {
        Lock held = locks.get(name(unique.key(), task.content), now);
        if (held == null) {
            take(unique, task, now);
        } else if (held.holder.equals(task.publicId)) {
            task.lock = held;
        }
    }

    boolean isHeld(Unique unique, Content content, long now) {
        return locks.get(name(unique.key(), content), now) != null;
    }

    /** Frees a lock, but not that of another task where tasks can be told apart. */
    void release(Release release, long now) {
        String name = name(release.key(), release.content());
        Lock lock = locks.get(name, now);
        Optional<String> id = release.content() instanceof Content.Readable readable ? readable.id() : Optional.empty();
        if (lock != null && (lock.holder.isEmpty() || id.isEmpty() || id.get().equals(lock.holder))) {
            locks.remove(name);
        }
    }

    /** Frees what a task still holds that will never run again. */
    void ended(LocalTask task, long now) {
        Lock lock = task.lock;
        if (lock != null && lock.until != Until.EXPIRY && locks.get(lock.name, now) == lock) {
            locks.remove(lock.name);
        }
    }

    void sweep(long now) {
        locks.sweep(now);
    }

    int size() {
        return locks.size();
    }

    private static String name(Optional<String> key, Content content) {
        if (key.isPresent()) {
            return "key:" + key.get();
        }
        return content instanceof Content.Readable readable
                ? "task:" + readable.type() + ":" + Args.canonical(readable.args())
                : "none:";
    }

    /** A lock, by identity. */
    static final class Lock {
        private final String name;
        private final Until until;
        private final String holder;

        private Lock(String name, Until until, String holder) {
            this.name = name;
            this.until = until;
            this.holder = holder;
        }
    }
}
