package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Later;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Tasks that wait for a time, the first due first. Guarded by its queue. */
final class LaterTasks {
    private final TreeSet<Later> tasks = new TreeSet<>();
    private long numbers;

    void add(LocalTask task, long dueMillis) {
        Later later = new Later(dueMillis, ++numbers, task);
        task.later = later;
        tasks.add(later);
    }

    void remove(LocalTask task) {
        if (task.later != null) {
            tasks.remove(task.later);
            task.later = null;
        }
    }

    /** Takes what is due. */
    List<LocalTask> due(long now) {
        List<LocalTask> due = new ArrayList<>();
        while (!tasks.isEmpty() && tasks.first().due() <= now) {
            LocalTask task = tasks.pollFirst().task();
            task.later = null;
            due.add(task);
        }
        return due;
    }

    List<LocalTask> find(Predicate<LocalTask> wanted) {
        List<LocalTask> found = new ArrayList<>();
        for (Later later : tasks) {
            if (wanted.test(later.task())) {
                found.add(later.task());
            }
        }
        return found;
    }

    int size() {
        return tasks.size();
    }
}
