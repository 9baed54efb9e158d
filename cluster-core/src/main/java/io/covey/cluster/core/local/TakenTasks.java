package io.covey.cluster.core.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** What a claim takes, one after the other: each counts for the limits of its key at once. Guarded by its queue. */
final class TakenTasks {
    private final KeyLines keys;
    private final long now;
    private final List<LocalTask> tasks = new ArrayList<>();

    TakenTasks(KeyLines keys, long now) {
        this.keys = keys;
        this.now = now;
    }

    void add(LocalTask task) {
        keys.charge(task, now);
        keys.leased(task);
        tasks.add(task);
    }

    /** Takes from the first until there are so many in all, leaving out those whose key has reached a limit. */
    void from(Collection<LocalTask> waiting, int upTo) {
        Iterator<LocalTask> all = waiting.iterator();
        while (tasks.size() < upTo && all.hasNext()) {
            LocalTask task = all.next();
            if (keys.mayStart(task, now)) {
                all.remove();
                add(task);
            }
        }
    }

    int size() {
        return tasks.size();
    }

    List<LocalTask> all() {
        return tasks;
    }
}
