package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Held;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that a worker holds, from the claim until its settlement is answered. */
final class LeaseBook {
    private final Set<TaskRun> held = ConcurrentHashMap.newKeySet();

    void add(TaskRun run) {
        held.add(run);
    }

    void remove(TaskRun run) {
        held.remove(run);
    }

    /** What names all that is held. */
    Set<Held> named() {
        Set<Held> named = new HashSet<>();
        for (TaskRun run : held) {
            named.add(run.lease().held());
        }
        return named;
    }

    /** Weakly consistent: what comes and goes meanwhile may be in it or not. */
    Set<TaskRun> held() {
        return held;
    }
}
