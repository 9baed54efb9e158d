package io.covey.cluster.tasks;

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

    /** Weakly consistent: what comes and goes meanwhile may be in it or not. */
    Set<TaskRun> held() {
        return held;
    }
}
