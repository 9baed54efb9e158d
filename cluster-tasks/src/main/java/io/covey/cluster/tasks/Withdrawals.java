package io.covey.cluster.tasks;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is taken from a worker while it holds it: lost to others, or to be stopped. */
final class Withdrawals {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final String owner;
    private final Tally tally;
    private final Events events;
    private final Judge judge;
    private final TimeLimits limits;
    private final Execution.End end;

    Withdrawals(String owner, Tally tally, Events events, Judge judge, TimeLimits limits, Execution.End end) {
        this.owner = owner;
        this.tally = tally;
        this.events = events;
        this.judge = judge;
        this.limits = limits;
        this.end = end;
    }

    /** Once for a run: its handler was interrupted if it had started. */
    void lost(TaskRun run) {
        tally.lost().increment();
        events.emit(() -> new WorkerEvent.LeaseLost(run.ref()));
        LOG.atWarn()
                .addKeyValue("event", "task.lost")
                .log("Worker {}: lost the lease of {}; it will run again elsewhere", owner, run.ref());
        if (run.endUnstarted()) {
            end.ended(run, null);
        }
    }

    /** Once for a run: its handler was interrupted if it had started. */
    void cancelled(TaskRun run) {
        if (run.endUnstarted()) {
            end.ended(run, judge.cancelled(run));
        } else {
            limits.expectEnd(run, "somebody wants it to be stopped");
        }
    }
}
