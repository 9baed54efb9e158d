package io.covey.cluster.tasks;

import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One caller's tasks on their way into a queue, or into several; changed under the lane's lock until it is over. */
final class Enqueueing {
    final List<Batch> batches;
    final List<NewTask> tasks;
    final long deadline;
    boolean alone;
    private final Thread caller = Thread.currentThread();
    private volatile @Nullable List<Enqueued> receipts;
    private volatile @Nullable Throwable failure;

    Enqueueing(List<Batch> batches, long deadline) {
        this.batches = batches;
        this.tasks = batches.size() == 1
                ? batches.get(0).tasks()
                : batches.stream().flatMap(batch -> batch.tasks().stream()).toList();
        this.deadline = deadline;
        this.alone = batches.size() > 1;
    }

    boolean over() {
        return receipts != null || failure != null;
    }

    /** Takes its part of the answer to a batch, which begins at an index. */
    void answer(TaskBroker.Enqueued all, int from) {
        List<Enqueued> mine = new ArrayList<>(tasks.size());
        int at = from;
        for (Batch batch : batches) {
            for (int i = 0; i < batch.tasks().size(); i++, at++) {
                mine.add(new Enqueued(
                        batch.queue(), all.receipts().get(at), all.accepted().get(at)));
            }
        }
        if (!over()) {
            receipts = Collections.unmodifiableList(mine);
            wake();
        }
    }

    void fail(Throwable thrown) {
        if (!over()) {
            failure = thrown;
            wake();
        }
    }

    /** Has its caller look again. */
    void wake() {
        if (caller != Thread.currentThread()) {
            LockSupport.unpark(caller);
        }
    }

    void unconfirmed(String message, Throwable cause) {
        fail(new UnconfirmedException(message, tasks.get(0).id(), cause));
    }

    List<Enqueued> result(String queue) {
        List<Enqueued> known = receipts;
        if (known != null) {
            return known;
        }
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        throw new ClusterException("enqueue on " + queue + ": " + failure, failure);
    }
}
