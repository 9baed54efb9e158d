package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.util.ArrayList;
import java.util.List;

/** What travels together; guarded by the lane's lock. */
final class EnqueueBatch {
    private final List<Enqueueing> callers;
    private final List<NewTask> tasks = new ArrayList<>();
    private final long deadline;
    private long seq;

    EnqueueBatch(List<Enqueueing> callers) {
        this.callers = callers;
        callers.forEach(caller -> tasks.addAll(caller.tasks));
        this.deadline = callers.isEmpty() ? 0 : callers.get(callers.size() - 1).deadline;
    }

    List<Enqueueing> callers() {
        return callers;
    }

    List<NewTask> tasks() {
        return tasks;
    }

    /** By {@link System#nanoTime}. */
    long deadline() {
        return deadline;
    }

    /** Its number in the lane; 0 if it has none yet. */
    long seq() {
        return seq;
    }

    void number(long inLane) {
        seq = inLane;
    }

    boolean everybodyLeft() {
        return callers.stream().allMatch(Enqueueing::over);
    }

    void answered(String queue, TaskBroker.Enqueued answer) {
        int at = 0;
        for (Enqueueing caller : callers) {
            List<Enqueued> receipts = new ArrayList<>(caller.tasks.size());
            for (int i = 0; i < caller.tasks.size(); i++, at++) {
                receipts.add(new Enqueued(
                        queue, answer.receipts().get(at), answer.accepted().get(at)));
            }
            caller.answer(receipts);
        }
    }

    void unconfirmed(String message, Throwable cause) {
        callers.forEach(caller -> caller.unconfirmed(message, cause));
    }
}
