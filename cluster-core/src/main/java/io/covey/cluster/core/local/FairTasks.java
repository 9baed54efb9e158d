package io.covey.cluster.core.local;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tasks of a queue that were never claimed: those with a key, and in turn with them those without. Guarded by its queue. */
final class FairTasks {
    private final Set<LocalTask> plain = new LinkedHashSet<>();
    private final KeyLines lines;
    private boolean keyedNext;

    FairTasks(KeyLines lines) {
        this.lines = lines;
    }

    void add(LocalTask task, long now) {
        if (task.key.isEmpty()) {
            plain.add(task);
        } else {
            lines.add(task, now);
        }
    }

    void remove(LocalTask task) {
        if (task.key.isEmpty()) {
            plain.remove(task);
        } else {
            lines.remove(task);
        }
    }

    /** Takes the next that may start; null if there is none. */
    @Nullable
    LocalTask poll(long now) {
        LocalTask keyed = keyedNext || plain.isEmpty() ? lines.poll(now) : null;
        if (keyed != null) {
            keyedNext = false;
            return keyed;
        }
        if (plain.isEmpty()) {
            return null;
        }
        keyedNext = true;
        LocalTask first = plain.iterator().next();
        plain.remove(first);
        return first;
    }

    long claimable(long upTo, long now) {
        return plain.size() + lines.claimable(upTo, now);
    }

    int size() {
        return plain.size() + lines.waiting();
    }

    /** Those that are as asked. */
    List<LocalTask> find(Predicate<LocalTask> wanted) {
        List<LocalTask> found = new ArrayList<>();
        plain.stream().filter(wanted).forEach(found::add);
        lines.all().forEach(line -> line.waiting.stream().filter(wanted).forEach(found::add));
        return found;
    }
}
