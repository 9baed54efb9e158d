package io.covey.cluster.tck;

import io.covey.cluster.spi.TaskBroker.QueueState;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The tasks that somebody wants to be stopped, as the {@link Ledger} knows them. */
final class LedgerWishes {
    private final Set<String> asked = new HashSet<>();

    /** A wish that found nothing is kept. */
    void asked(String id) {
        asked.add(id);
    }

    void wanted(LedgerTask task) {
        asked.add(task.called());
        task.wanted = true;
    }

    /** A beat was for this task, among others. */
    void held(LedgerTask task, Set<String> cancelled) {
        Ledger.check(
                !task.wanted || cancelled.contains(task.called()), task + " is to be stopped: told were " + cancelled);
    }

    /** Who settles a task may not be who noted it, so that a wish may outlive its task. */
    void told(Set<String> cancelled) {
        cancelled.forEach(id -> Ledger.check(asked.contains(id), "nobody wanted " + id + " to be stopped"));
    }

    void state(Collection<LedgerTask> open, QueueState state) {
        boolean wanted = open.stream().anyMatch(task -> task.wanted);
        Ledger.check(!wanted || state.cancelling(), "some are to be stopped: " + state);
        Ledger.check(!asked.isEmpty() || !state.cancelling(), "none is to be stopped: " + state);
    }
}
