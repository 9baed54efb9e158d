package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import java.util.Optional;

/** When the locks of unique tasks are freed. */
final class UniqueLocks {
    private final TaskBroker broker;
    private final RunNotes calls;

    UniqueLocks(TaskBroker broker, RunNotes calls) {
        this.broker = broker;
        this.calls = calls;
    }

    /** What its settlement frees: also the lock of one that ends before it starts, or nobody would free it in time. */
    static Optional<Release> freedBy(TaskRun run, Outcome outcome) {
        Unique unique = run.unique();
        boolean ends = outcome instanceof Outcome.Done || outcome instanceof Outcome.Fail;
        return unique != null
                        && ends
                        && (unique.until() == Until.DONE
                                || unique.until() == Until.STARTED && holds(run) && !run.unlocked())
                ? Optional.of(new Release(unique.key(), run.lease().content()))
                : Optional.empty();
    }

    /**
     * Whether its lock is to be freed before its handler runs. Not in a further attempt, which the first has freed it for:
     * another task may hold it by now. After a death nobody knows whether it was.
     */
    boolean freedAtStart(TaskRun run) {
        Unique unique = run.unique();
        return unique != null
                && unique.until() == Until.STARTED
                && holds(run)
                && broker.control().isPresent();
    }

    private static boolean holds(TaskRun run) {
        return run.lease().attempt() == 1 || run.lease().deliveries() > 1;
    }

    /** Returns when it is free: what is added from now on is another task. */
    void free(TaskRun run) {
        Release release = new Release(run.unique().key(), run.lease().content());
        calls.askForALease(
                run,
                () -> broker.control().orElseThrow().release(run.queue(), release),
                "Freeing the lock of " + run.ref());
        run.unlock();
    }
}
