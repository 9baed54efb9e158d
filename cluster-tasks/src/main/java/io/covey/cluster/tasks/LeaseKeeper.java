package io.covey.cluster.tasks;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.BeatAnswer;
import io.covey.cluster.spi.TaskBroker.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Renews the leases of all that is held and takes in which are lost. A run is interrupted only when the backend says
 * that it is lost; while nobody answers it goes on and only knows that it may not be ours.
 */
final class LeaseKeeper implements TaskRun.Confirmation {

    private final TaskBroker broker;
    private final String owner;
    private final Duration lease;
    private final WorkerTime time;
    private final LeaseBook book;
    private final Executor thread;
    private final Withdrawals withdrawals;
    private final Runnable onConfirmed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();

    /** Answers are taken in on {@code thread}; {@code onConfirmed} is called for a beat. */
    LeaseKeeper(
            TaskBroker broker,
            String owner,
            WorkerTime time,
            LeaseBook book,
            Executor thread,
            Withdrawals withdrawals,
            Runnable onConfirmed) {
        this.broker = broker;
        this.owner = owner;
        this.lease = Duration.ofNanos(time.lease());
        this.time = time;
        this.book = book;
        this.thread = thread;
        this.withdrawals = withdrawals;
        this.onConfirmed = onConfirmed;
    }

    /** Renews all: each queue by itself, so that one that cannot be served makes no other's tasks doubtful. */
    void beat() {
        Map<String, List<TaskRun>> calls = new HashMap<>();
        for (TaskRun run : book.held()) {
            List<TaskRun> call = calls.computeIfAbsent(run.queue(), queue -> new ArrayList<>());
            call.add(run);
            if (call.size() == TaskBroker.MOST) {
                beat(calls.remove(run.queue()));
            }
        }
        calls.values().forEach(this::beat);
    }

    /** Throws if the run has to end before there is an answer. */
    @Override
    public void await(TaskRun run) {
        lock.lock();
        try {
            beat(List.of(run));
            while (!run.lost() && !run.stillMine()) {
                if (run.toEnd()) {
                    throw new UnansweredException(
                            "Nobody answered whether " + run.ref() + " is still this worker's before it had to end");
                }
                if (answered.awaitNanos(time.beat()) <= 0) {
                    beat(List.of(run));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!run.lost()) {
                String what = "Interrupted while asking whether " + run.ref() + " is still this worker's";
                throw run.toEnd() ? new UnansweredException(what, e) : new TransportException(what, e);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks which of them somebody wants to be stopped; {@code then} is called afterwards, whether there was an answer or not. */
    void ask(List<TaskRun> runs, Runnable then) {
        beat(runs).whenCompleteAsync((answer, thrown) -> then.run(), thread);
    }

    private CompletionStage<?> beat(List<TaskRun> runs) {
        List<Held> held = new ArrayList<>(runs.size());
        for (TaskRun run : runs) {
            held.add(run.lease().held());
        }
        long sent = time.nanos();
        return Await.caught(() -> broker.beat(owner, lease, held))
                .whenCompleteAsync(
                        (answer, thrown) -> {
                            // A beat without an answer is no news: the next one is a beat away, the lease five.
                            if (thrown == null) {
                                take(runs, answer, sent);
                            }
                        },
                        thread);
    }

    /** What has ended meanwhile may be unknown because it was settled: its settlement tells. */
    private void take(List<TaskRun> runs, BeatAnswer answer, long sent) {
        Set<Held> lost = answer.lost();
        Set<String> cancelled = answer.cancelled();
        for (TaskRun run : runs) {
            if (!lost.contains(run.lease().held())) {
                run.confirm(sent);
            } else if (!run.ended() && run.lose()) {
                withdrawals.lost(run);
            }
            if (!cancelled.isEmpty()
                    && (cancelled.contains(run.id())
                            || cancelled.contains(run.lease().id()))
                    && run.cancel()) {
                withdrawals.cancelled(run);
            }
        }
        onConfirmed.run();
        lock.lock();
        try {
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
