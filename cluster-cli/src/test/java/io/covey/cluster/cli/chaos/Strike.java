package io.covey.cluster.cli.chaos;

import io.covey.cluster.cli.chaos.Ledger.Run;

/**
 * What was done to a process.
 *
 * @param process which one
 * @param from when it was about to be struck, in milliseconds since 1970
 * @param to when it surely was
 */
record Strike(String process, long from, long to) {
    /** A task may be done without its worker having told: the effect stands, and the task runs again. */
    private static final long UNTOLD_MILLIS = 1000;

    /** Whether a run was under way. */
    boolean interrupted(Run run) {
        return hit(run) && (run.done().isEmpty() || run.done().getAsLong() > to);
    }

    /** Whether a run was under way, or ended so shortly before that nobody may have heard of it. */
    boolean hit(Run run) {
        return run.process().equals(process)
                && run.started() <= to
                && (run.done().isEmpty() || run.done().getAsLong() >= from - UNTOLD_MILLIS);
    }

    /** Whether the effect of a run was made right before, so that nobody may have heard of it. */
    boolean silenced(Run run) {
        return hit(run) && run.done().isPresent() && run.done().getAsLong() <= to;
    }
}
