package io.covey.cluster.tasks;

import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one producer with one queue: one batch is outstanding, what comes meanwhile gathers and travels
 * together next. One of the callers waiting leads: it sends, repeats and wakes those it carried. What is for several
 * queues in one step goes by itself, in a lane of its own kind.
 */
final class ProducerLane {
    private static final long FIRST_BACK_OFF = Duration.ofMillis(10).toNanos();
    private static final long MOST_BACK_OFF = Duration.ofMillis(500).toNanos();

    private final TaskBroker broker;
    private final String queue;
    private final long timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Enqueueing> gathering = new ArrayDeque<>();
    private String lane = Brokers.newLane();
    private long seq;
    private boolean led;
    private @Nullable EnqueueBatch outstanding;

    ProducerLane(TaskBroker broker, String queue, Duration timeout) {
        this.broker = broker;
        this.queue = queue;
        this.timeout = timeout.toNanos();
    }

    List<Enqueued> add(List<Batch> batches) {
        Enqueueing mine = new Enqueueing(batches, System.nanoTime() + timeout, lock.newCondition());
        lock.lock();
        try {
            gathering.add(mine);
            while (!mine.over()) {
                if (!led) {
                    lead();
                } else {
                    await(mine);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp(mine, e);
        } finally {
            lock.unlock();
        }
        return mine.result(queue);
    }

    private void await(Enqueueing mine) throws InterruptedException {
        long left = mine.deadline - System.nanoTime();
        if (left <= 0 && gathering.remove(mine)) {
            notSent(mine);
        } else if (left <= 0) {
            mine.changed.await();
        } else {
            mine.changed.awaitNanos(left);
        }
    }

    /** The interrupted caller leaves; a batch that it led goes on with another of those in it. */
    private void giveUp(Enqueueing mine, InterruptedException e) {
        if (gathering.remove(mine)) {
            mine.fail(new TransportTimeoutException(
                    "enqueue on " + queue + ": interrupted before anything was sent; nothing was added"));
        } else if (!mine.over()) {
            mine.unconfirmed("enqueue on " + queue + ": interrupted while waiting for the answer", e);
        }
        callNextLeader();
    }

    /** Called with the lock held, which is released while an answer is awaited. */
    private void lead() throws InterruptedException {
        led = true;
        try {
            EnqueueBatch batch = outstanding;
            if (batch == null || batch.everybodyLeft()) {
                if (batch != null) {
                    newLane();
                }
                batch = nextBatch();
                outstanding = batch;
            }
            if (!batch.callers().isEmpty()) {
                exchange(batch);
            }
            outstanding = null;
        } finally {
            led = false;
        }
        callNextLeader();
    }

    private void callNextLeader() {
        if (led) {
            return;
        }
        if (outstanding != null) {
            for (Enqueueing caller : outstanding.callers()) {
                if (!caller.over()) {
                    caller.changed.signal();
                    return;
                }
            }
        }
        if (!gathering.isEmpty()) {
            gathering.peek().changed.signal();
        }
    }

    private EnqueueBatch nextBatch() {
        List<Enqueueing> callers = new ArrayList<>();
        int size = 0;
        while (!gathering.isEmpty() && size + gathering.peek().tasks.size() <= TaskBroker.MOST) {
            boolean alone = gathering.peek().alone;
            if (alone && size > 0) {
                break;
            }
            Enqueueing next = gathering.poll();
            if (next.deadline - System.nanoTime() <= 0) {
                notSent(next);
                continue;
            }
            callers.add(next);
            size += next.tasks.size();
            if (alone) {
                break;
            }
        }
        return new EnqueueBatch(callers);
    }

    private void notSent(Enqueueing caller) {
        caller.fail(new TransportTimeoutException("enqueue on " + queue + ": earlier tasks had no answer for "
                + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms; nothing was added"));
    }

    private void exchange(EnqueueBatch batch) throws InterruptedException {
        boolean sentBefore = batch.seq() != 0;
        int failures = 0;
        while (true) {
            if (batch.seq() == 0) {
                batch.number(++seq);
            }
            TaskBroker.@Nullable Enqueued answer = null;
            @Nullable Throwable thrown = null;
            Call call = new Call(lane, batch.seq());
            lock.unlock();
            try {
                answer = Brokers.call(() -> batch.send(broker, queue, call))
                        .toCompletableFuture()
                        .get(patience(batch), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                thrown = e.getCause();
            } catch (TimeoutException e) {
                thrown = new TransportTimeoutException("no answer");
            } finally {
                lock.lock();
            }
            if (answer != null) {
                if (answer.status() == Status.OK || answer.status() == Status.REPLAY) {
                    batch.answered(answer);
                    return;
                }
                newLane();
                batch.number(0);
            } else if (!Brokers.worthRepeating(thrown)) {
                if (failures == 0 && !sentBefore) {
                    refused(batch, thrown);
                } else {
                    batch.unconfirmed(
                            "enqueue on " + queue + ": refused (" + Brokers.reason(thrown)
                                    + ") after a try without an answer; it is not known whether the task was added",
                            thrown);
                    newLane();
                }
                return;
            } else {
                failures++;
                long pause = Brokers.backOff(
                        failures,
                        FIRST_BACK_OFF,
                        MOST_BACK_OFF,
                        ThreadLocalRandom.current().nextDouble());
                if (batch.deadline() - System.nanoTime() <= pause) {
                    batch.unconfirmed(
                            "enqueue on " + queue + ": no answer to " + failures + " tries in "
                                    + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms, the last: "
                                    + Brokers.reason(thrown)
                                    + "; it is not known whether the task was added",
                            thrown);
                    newLane();
                    return;
                }
                pause(pause);
            }
        }
    }

    /** An answer that takes longer than half the time is taken for lost, so that there is one repeat at least. */
    private long patience(EnqueueBatch batch) {
        return Math.max(1, Math.min(timeout / 2, batch.deadline() - System.nanoTime()));
    }

    private void pause(long nanos) throws InterruptedException {
        lock.unlock();
        try {
            LockSupport.parkNanos(nanos);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        } finally {
            lock.lock();
        }
    }

    /** A refusal may be meant for one of those in the batch: each is then sent by itself. */
    private void refused(EnqueueBatch batch, Throwable thrown) {
        if (batch.callers().size() == 1) {
            batch.callers().get(0).fail(thrown);
            return;
        }
        for (int i = batch.callers().size() - 1; i >= 0; i--) {
            Enqueueing caller = batch.callers().get(i);
            if (!caller.over()) {
                caller.alone = true;
                gathering.addFirst(caller);
            }
        }
    }

    private void newLane() {
        lane = Brokers.newLane();
        seq = 0;
    }
}
