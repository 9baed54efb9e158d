package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who holds which tasks of a queue, and until when: one lease for each owner. Guarded by its queue. */
final class Leases {
    private final Map<String, Holder> holders = new LinkedHashMap<>();

    boolean isEmpty() {
        return holders.isEmpty();
    }

    void hold(LocalTask task, String owner, long end) {
        Holder holder = holders.computeIfAbsent(owner, absent -> new Holder());
        holder.tasks.add(task);
        holder.end = end;
        task.owner = owner;
        task.place = Place.LEASED;
    }

    void renew(String owner, long end) {
        Holder holder = holders.get(owner);
        if (holder != null) {
            holder.end = end;
        }
    }

    void drop(LocalTask task) {
        Holder holder = holders.get(task.owner);
        if (holder != null && holder.tasks.remove(task) && holder.tasks.isEmpty()) {
            holders.remove(task.owner);
        }
    }

    Map<String, Duration> left(long now) {
        Map<String, Duration> left = new LinkedHashMap<>();
        holders.forEach((owner, holder) -> left.put(owner, Duration.ofMillis(Math.max(0, holder.end - now))));
        return left;
    }

    /** Tasks whose lease ran out, whole owners first come first. */
    List<LocalTask> overdue(long now, int most) {
        List<LocalTask> overdue = new ArrayList<>();
        for (Holder holder : holders.values()) {
            if (now >= holder.end) {
                holder.tasks.stream().limit(most - overdue.size()).forEach(overdue::add);
            }
        }
        return overdue;
    }

    private static final class Holder {
        private final Set<LocalTask> tasks = new LinkedHashSet<>();
        private long end;
    }
}
