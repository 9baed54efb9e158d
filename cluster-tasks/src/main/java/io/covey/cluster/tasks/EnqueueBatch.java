package io.covey.cluster.tasks;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What travels together; guarded by the lane's lock. */
final class EnqueueBatch {
    private final List<Enqueueing> callers;
    private final List<NewTask> tasks = new ArrayList<>();
    private final long deadline;
    private long seq;
    private long sentAt;
    private boolean answered;
    private @Nullable CompletableFuture<TaskBroker.Enqueued> sent;

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

    /** It was sent without a leader. */
    void sent(CompletableFuture<TaskBroker.Enqueued> ahead) {
        sent = ahead;
        sentAt = System.nanoTime();
    }

    /** The answer to the first try if it was sent without a leader, once. */
    @Nullable
    CompletableFuture<TaskBroker.Enqueued> takeSent() {
        CompletableFuture<TaskBroker.Enqueued> taken = sent;
        sent = null;
        return taken;
    }

    /** Whether it wants a leader: nobody has sent it, or it failed, or has had no answer for a time. */
    boolean isOnItsOwnTooLong(long nanos) {
        return sent == null || sent.isDone() || System.nanoTime() - sentAt >= nanos;
    }

    /** The answer to what was sent without a leader, if it has come. */
    TaskBroker.@Nullable Enqueued answer() {
        return sent == null || !sent.isDone() || sent.isCompletedExceptionally() ? null : sent.join();
    }

    boolean isAnswered() {
        return answered;
    }

    boolean everybodyLeft() {
        return callers.stream().allMatch(Enqueueing::over);
    }

    /** Sends it: what one caller has for several queues goes in one step. */
    CompletionStage<TaskBroker.Enqueued> send(TaskBroker broker, String queue, Call call) {
        if (callers.size() > 1 || callers.get(0).batches.size() == 1) {
            return broker.enqueue(queue, call, tasks);
        }
        return broker.enqueueAll(call, callers.get(0).batches).thenApply(EnqueueBatch::merged);
    }

    private static TaskBroker.Enqueued merged(List<TaskBroker.Enqueued> answers) {
        List<String> receipts = new ArrayList<>();
        List<Boolean> accepted = new ArrayList<>();
        for (TaskBroker.Enqueued answer : answers) {
            receipts.addAll(answer.receipts());
            accepted.addAll(answer.accepted());
        }
        return new TaskBroker.Enqueued(answers.get(0).status(), receipts, accepted);
    }

    void answered(TaskBroker.Enqueued answer) {
        answered = true;
        int at = 0;
        for (Enqueueing caller : callers) {
            caller.answer(answer, at);
            at += caller.tasks.size();
        }
    }

    void fail(Throwable thrown) {
        callers.forEach(caller -> caller.fail(thrown));
    }

    void unconfirmed(String message, Throwable cause) {
        callers.forEach(caller -> caller.unconfirmed(message, cause));
    }
}
