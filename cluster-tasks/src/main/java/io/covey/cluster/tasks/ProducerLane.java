package io.covey.cluster.tasks;

import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one producer with one queue: one batch is outstanding, what comes meanwhile gathers and travels
 * together next. A caller that finds nothing outstanding leads: it sends, waits for the answer and repeats. Whatever thread
 * brings an answer sends what has gathered before it wakes those who were answered, unless it is worth waiting for them
 * ({@link Regrouping}); such a batch needs no leader until it fails. What is for several queues in one step goes by itself, in a lane of its own kind.
 */
final class ProducerLane {
    private static final long FIRST_BACK_OFF = Duration.ofMillis(10).toNanos();
    private static final long MOST_BACK_OFF = Duration.ofMillis(500).toNanos();
    /** A backend that answers as quickly is worth a few looks before the caller parks. */
    private static final long NEAR = TimeUnit.MICROSECONDS.toNanos(500);

    private static final int LOOKS = 20;

    private final TaskBroker broker;
    private final String queue;
    private final long timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Enqueueing> gathering = new ArrayDeque<>();
    private final Regrouping regrouping = new Regrouping();
    private String lane = Brokers.newLane();
    private long seq;
    private volatile boolean led;
    private boolean settling;
    private volatile long sentAt;
    private volatile long answeredIn = Long.MAX_VALUE;
    private volatile @Nullable EnqueueBatch outstanding;

    ProducerLane(TaskBroker broker, String queue, Duration timeout) {
        this.broker = broker;
        this.queue = queue;
        this.timeout = timeout.toNanos();
    }

    List<Enqueued> add(List<Batch> batches) {
        Enqueueing mine = new Enqueueing(batches, System.nanoTime() + timeout);
        try {
            for (boolean joined = false; !mine.over(); joined = true) {
                if (!leads(mine, joined)) {
                    await(mine);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp(mine, e);
        }
        return mine.result(queue);
    }

    /** Leads if somebody has to; false if it has to wait. */
    private boolean leads(Enqueueing mine, boolean joined) throws InterruptedException {
        lock.lock();
        try {
            if (!joined) {
                gathering.add(mine);
            }
            if (mine.over()) {
                return true;
            }
            if (!needsLeader()) {
                return false;
            }
            lead();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean needsLeader() {
        EnqueueBatch batch = outstanding;
        return !led && (batch == null ? !regrouping.goesOn(gathering.size()) : batch.isOnItsOwnTooLong(timeout / 2));
    }

    private void await(Enqueueing mine) throws InterruptedException {
        long left = mine.deadline - System.nanoTime();
        if (left > 0) {
            if (comesSoon(mine)) {
                return;
            }
            long regroup = regrouping.nanosLeft();
            LockSupport.parkNanos(this, regroup > 0 ? regroup : Math.min(left, timeout / 2));
        } else {
            lock.lock();
            try {
                if (gathering.remove(mine)) {
                    notSent(mine);
                }
            } finally {
                lock.unlock();
            }
            // In a batch: its leader decides, and wakes whoever is next.
            if (!mine.over()) {
                LockSupport.parkNanos(this, MOST_BACK_OFF);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Gives way to others a few times: being parked and woken takes longer than a near backend takes for an answer. */
    private boolean comesSoon(Enqueueing mine) {
        for (int look = 0; look < LOOKS && answeredIn < NEAR; look++) {
            Thread.yield();
            if (mine.over() || !led && outstanding == null && regrouping.nanosLeft() == 0) {
                return true;
            }
        }
        return false;
    }

    /** The interrupted caller leaves; a batch that it led goes on with another of those in it. */
    private void giveUp(Enqueueing mine, InterruptedException e) {
        lock.lock();
        try {
            if (gathering.remove(mine)) {
                mine.fail(new TransportTimeoutException(
                        "enqueue on " + queue + ": interrupted before anything was sent; nothing was added"));
            } else if (!mine.over()) {
                mine.unconfirmed("enqueue on " + queue + ": interrupted while waiting for the answer", e);
            }
            callNextLeader();
        } finally {
            lock.unlock();
        }
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
                regrouping.end(gathering.size());
                batch = nextBatch();
                outstanding = batch;
            }
            if (!batch.callers().isEmpty()) {
                exchange(batch);
            }
            if (outstanding == batch) {
                outstanding = null;
            }
        } finally {
            led = false;
        }
        callNextLeader();
    }

    private void callNextLeader() {
        if (!needsLeader()) {
            return;
        }
        if (outstanding != null) {
            for (Enqueueing caller : outstanding.callers()) {
                if (!caller.over()) {
                    caller.wake();
                    return;
                }
            }
        }
        if (!gathering.isEmpty()) {
            gathering.peek().wake();
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
        CompletableFuture<TaskBroker.Enqueued> ahead = batch.takeSent();
        boolean unknown = batch.seq() != 0 && ahead == null;
        int failures = 0;
        while (!batch.isAnswered()) {
            if (batch.seq() == 0) {
                batch.number(++seq);
            }
            TaskBroker.@Nullable Enqueued answer = null;
            @Nullable Throwable thrown = null;
            Call call = new Call(lane, batch.seq());
            CompletableFuture<TaskBroker.Enqueued> sent = ahead;
            lock.unlock();
            try {
                answer = (sent != null ? sent : send(batch, call)).get(patience(batch), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                thrown = Await.unwrap(e);
            } catch (TimeoutException e) {
                thrown = new TransportTimeoutException("no answer");
            } finally {
                lock.lock();
            }
            ahead = null;
            if (batch.isAnswered() || answer != null && take(batch, answer)) {
                return;
            }
            if (answer != null) {
                newLane();
                batch.number(0);
            } else if (!Brokers.worthRepeating(thrown)) {
                if (unknown) {
                    batch.unconfirmed(
                            "enqueue on " + queue + ": refused (" + Brokers.reason(thrown)
                                    + ") after a try without an answer; it is not known whether the task was added",
                            thrown);
                    newLane();
                } else {
                    refused(batch, thrown);
                }
                return;
            } else {
                failures++;
                unknown |= !(thrown instanceof UnavailableException);
                long pause = Brokers.backOff(
                        failures,
                        FIRST_BACK_OFF,
                        MOST_BACK_OFF,
                        ThreadLocalRandom.current().nextDouble());
                if (batch.deadline() - System.nanoTime() <= pause) {
                    giveUp(batch, failures, unknown, thrown);
                    return;
                }
                pause(pause);
            }
        }
    }

    private void giveUp(EnqueueBatch batch, int failures, boolean unknown, Throwable thrown) {
        String tries = "enqueue on " + queue + ": no answer to " + failures + " tries in "
                + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms, the last: " + Brokers.reason(thrown);
        if (unknown) {
            batch.unconfirmed(tries + "; it is not known whether the task was added", thrown);
        } else {
            batch.fail(new UnavailableException(tries + "; nothing was added"));
        }
        newLane();
    }

    private CompletableFuture<TaskBroker.Enqueued> send(EnqueueBatch batch, Call call) {
        sentAt = System.nanoTime();
        CompletionStage<TaskBroker.Enqueued> sent = Await.caught(() -> batch.send(broker, queue, call));
        sent.whenComplete((answer, thrown) -> arrived(batch, answer));
        return sent.toCompletableFuture();
    }

    /** On whatever thread brought the answer, perhaps while it was still sending. */
    private void arrived(EnqueueBatch batch, TaskBroker.@Nullable Enqueued answer) {
        lock.lock();
        try {
            if (settling) {
                return;
            }
            settling = true;
            try {
                settle(batch, answer);
            } finally {
                settling = false;
            }
            callNextLeader();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the answer, and those that were there before their batches had been sent to the end. */
    private void settle(EnqueueBatch batch, TaskBroker.@Nullable Enqueued answer) {
        EnqueueBatch next = batch;
        TaskBroker.Enqueued its = answer;
        while (next != null && outstanding == next && its != null && take(next, its)) {
            next = outstanding;
            its = next == null ? null : next.answer();
        }
    }

    /**
     * What has gathered is on its way before those of the answered batch wake up, or waits for them; false if the lane is at
     * its end.
     */
    private boolean take(EnqueueBatch batch, TaskBroker.Enqueued answer) {
        if (answer.status() != Status.OK && answer.status() != Status.REPLAY) {
            return false;
        }
        outstanding = null;
        answeredIn = System.nanoTime() - sentAt;
        if (regrouping.begin(batch.callers().size(), gathering.size(), answeredIn)) {
            if (!gathering.isEmpty()) {
                gathering.peek().wake(); // to look again when the time is over
            }
        } else {
            sendGathered();
        }
        batch.answered(answer);
        return true;
    }

    private void sendGathered() {
        EnqueueBatch next = nextBatch();
        if (!next.callers().isEmpty()) {
            outstanding = next;
            next.number(++seq);
            next.sent(send(next, new Call(lane, next.seq())));
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
