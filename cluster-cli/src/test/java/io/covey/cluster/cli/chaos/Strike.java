package io.covey.cluster.cli.chaos;

import io.covey.cluster.cli.chaos.Ledger.Run;
import java.util.Map;

/**
 * What was done to a process.
 *
 * @param process which one
 * @param from when it was about to be struck, in milliseconds since 1970
 * @param to when it surely was
 * @param held the tasks that were its own then, with their fences: claimed, and their end not known to Redis
 */
record Strike(String process, long from, long to, Map<Integer, Long> held) {

    /** Whether a run was the process's own: under way, or at its end, of which nobody has heard. */
    boolean hit(Run run) {
        return run.process().equals(process)
                && run.started() <= to
                && held.getOrDefault(run.task(), -1L) == run.fence();
    }

    /** Whether a run was under way. */
    boolean interrupted(Run run) {
        return hit(run) && (run.done().isEmpty() || run.done().getAsLong() > to);
    }

    /** Whether the effect of a run was made and nobody has heard of it. */
    boolean silenced(Run run) {
        return hit(run) && run.done().isPresent() && run.done().getAsLong() <= to;
    }

    /** Whether a run explains that its task starts again at a time. */
    boolean explains(Run run, long again) {
        return hit(run) && from <= again;
    }

    /** Whether it had a task, started or not, before a time. */
    boolean delayed(int task, long before) {
        return from <= before && held.containsKey(task);
    }
}
