package io.covey.cluster.tasks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** The queues that a worker serves, in their order; where patterns say which, they come and go. */
final class WorkedQueues {
    private final QueueChoice choice;
    private final Map<String, WorkedQueue> known = new ConcurrentHashMap<>();
    private final AtomicReference<Set<String>> heard = new AtomicReference<>();
    private volatile List<WorkedQueue> served = List.of();

    WorkedQueues(QueueChoice choice) {
        this.choice = choice;
        rearrange(Set.of(), queue -> false);
    }

    /** For all threads: in their order. */
    List<WorkedQueue> served() {
        return served;
    }

    /** For all threads. */
    Set<String> names() {
        return Set.copyOf(known.keySet());
    }

    /** For all threads. */
    Collection<WorkedQueue> all() {
        return known.values();
    }

    /** For all threads: it may have work. True if this was news. */
    boolean hint(String name) {
        WorkedQueue queue = known.get(name);
        return queue != null && queue.hint();
    }

    /** For all threads: these are the names that there are. True if they are others than before. */
    boolean hear(Set<String> names) {
        return !names.equals(heard.getAndSet(Set.copyOf(names)));
    }

    /** For the poller: takes in what was heard; true if the queues are others now. One that is busy stays for now. */
    boolean rearrange(Predicate<WorkedQueue> busy) {
        Set<String> names = heard.get();
        return names != null && rearrange(names, busy);
    }

    private boolean rearrange(Set<String> names, Predicate<WorkedQueue> busy) {
        Map<String, Integer> arranged = choice.arrange(names);
        List<WorkedQueue> now = new ArrayList<>(arranged.size());
        arranged.forEach((name, weight) -> {
            WorkedQueue queue = known.computeIfAbsent(name, WorkedQueue::new);
            queue.share().weight(weight);
            now.add(queue);
        });
        Set<WorkedQueue> kept = new HashSet<>(now);
        for (WorkedQueue queue : served) {
            if (!kept.contains(queue)) {
                if (busy.test(queue)) {
                    now.add(queue);
                } else {
                    known.remove(queue.name());
                }
            }
        }
        boolean changed = !now.equals(served);
        served = List.copyOf(now);
        return changed;
    }
}
