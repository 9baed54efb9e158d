package io.covey.cluster.tasks;

import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** One caller's tasks on their way into a queue; guarded by the lane's lock until it is over. */
final class Enqueueing {
    final List<NewTask> tasks;
    final long deadline;
    final Condition changed;
    boolean alone;
    private @Nullable List<Enqueued> receipts;
    private @Nullable Throwable failure;

    Enqueueing(List<NewTask> tasks, long deadline, Condition changed) {
        this.tasks = tasks;
        this.deadline = deadline;
        this.changed = changed;
    }

    boolean over() {
        return receipts != null || failure != null;
    }

    void answer(List<Enqueued> all) {
        if (!over()) {
            receipts = List.copyOf(all);
            changed.signal();
        }
    }

    void fail(Throwable thrown) {
        if (!over()) {
            failure = thrown;
            changed.signal();
        }
    }

    void unconfirmed(String message, Throwable cause) {
        fail(new UnconfirmedException(message, tasks.get(0).id(), cause));
    }

    List<Enqueued> result(String queue) {
        if (receipts != null) {
            return receipts;
        }
        if (failure instanceof RuntimeException known) {
            throw known;
        }
        throw new ClusterException("enqueue on " + queue + ": " + failure, failure);
    }
}
