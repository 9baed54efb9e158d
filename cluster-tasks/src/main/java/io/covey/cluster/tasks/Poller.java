package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the trips: takes in what was answered, sends what is due. Sleeps until a run ends, a hint or an answer comes, a
 * limit lets go, or once a second.
 */
final class Poller implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long LOOK = Duration.ofSeconds(1).toNanos();
    /** A worker that beats and no longer claims would be the worst of states. */
    private static final long MISHAP = Duration.ofMillis(100).toNanos();

    private final String owner;
    private final WorkerTime time;
    private final WorkedQueues queues;
    private final LeaseBook book;
    private final Trips trips;
    private final TripPlan plan;
    private final InFlight inFlight;
    private final Runnable onOtherQueues;
    private volatile boolean signalled;
    private volatile boolean reachable;
    private volatile boolean takes = true;
    private volatile boolean beginAnew;
    private volatile boolean doubt;
    private volatile boolean rearrange;
    private volatile boolean alone;
    private volatile long claims;
    private volatile long lastRound;
    private volatile @Nullable Long flushUntil;
    private volatile @Nullable Thread thread;

    /** {@code onOtherQueues} is called when other queues are served than before. */
    Poller(WorkerParts parts, TripPlan plan, InFlight inFlight, Runnable onOtherQueues) {
        this.owner = parts.owner();
        this.time = parts.time();
        this.queues = parts.queues();
        this.book = parts.book();
        this.trips = parts.trips();
        this.plan = plan;
        this.inFlight = inFlight;
        this.onOtherQueues = onOtherQueues;
        this.lastRound = time.nanos();
    }

    /** For all threads: something may have changed. */
    void wake() {
        if (!signalled) {
            signalled = true;
            LockSupport.unpark(thread);
        }
    }

    /** For all threads: a run has ended; to be settled if there is an outcome. */
    void ended(TaskRun run, @Nullable Outcome outcome) {
        if (outcome != null) {
            run.source().add(new Ended(run, outcome));
        }
        if (inFlight.ended(outcome != null)) {
            wake();
        }
    }

    /** For all threads: the backend may answer again. */
    void repeatSoon() {
        reachable = true;
        wake();
    }

    /** For all threads: the backend may have lost something; a trip to each queue that it may matter to tells. */
    void doubt() {
        doubt = true;
        wake();
    }

    /** For the trips: something came; false if the worker takes no more, so that it is to be given back. */
    boolean claimed(int runs) {
        if (runs > 0) {
            claims += runs;
            inFlight.claimed(runs);
        }
        return takes;
    }

    /** For the trips: runs are to be settled again. */
    void unsettled(int runs) {
        inFlight.settling(-runs);
    }

    /** For all threads. */
    boolean claiming() {
        return takes;
    }

    /** For all threads: whether it is at a last try, beside which nothing runs. */
    boolean alone() {
        return alone;
    }

    /** For all threads: how many it has claimed. */
    long claims() {
        return claims;
    }

    /** For all threads: when it last came round, by the worker's clock. */
    long lastRound() {
        return lastRound;
    }

    /** For all threads: there may be other queues. */
    void rearrange() {
        rearrange = true;
        wake();
    }

    /** For all threads: new conversations; those that wait for an answer go on, or what they claimed would be nobody's. */
    void beginAnew() {
        beginAnew = true;
        wake();
    }

    /** For all threads: takes no more tasks. */
    void stopClaiming() {
        takes = false;
        wake();
    }

    /** For all threads: ends when everything is settled, or at that time by the worker's clock. */
    void finishUntil(long nanos) {
        flushUntil = nanos;
        wake();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (true) {
            try {
                if (round()) {
                    return;
                }
            } catch (RuntimeException | Error e) {
                LOG.error("The poller of {} met an unexpected error; it goes on", owner, e);
                Long until = flushUntil;
                if (until != null && time.nanos() - until >= 0) {
                    return;
                }
                LockSupport.parkNanos(this, MISHAP);
            }
        }
    }

    /** One round, its wait included; whether it was the last. */
    private boolean round() {
        signalled = false;
        // Whoever took this thread for stuck interrupted it.
        Thread.interrupted();
        trips.takeAnswers();
        long now = time.nanos();
        lastRound = now;
        Long until = flushUntil;
        if (until != null && (plan.done() || now - until >= 0)) {
            return true;
        }
        changeQueues();
        if (reachable) {
            reachable = false;
            doubt = true;
            trips.repeatSoon(now);
        }
        if (doubt) {
            doubt = false;
            queues.served().forEach(queue -> queue.recovery().doubt(now));
        }
        trips.repeat(now);
        long next = plan.send(takes, now);
        alone = plan.alone();
        if (!signalled && !trips.answered()) {
            long wait = Math.min(next, trips.nextRepeat(LOOK + now)) - now;
            if (until != null) {
                wait = Math.min(wait, until - now);
            }
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
        return false;
    }

    private void changeQueues() {
        if (rearrange) {
            rearrange = false;
            if (queues.rearrange(this::busy)) {
                onOtherQueues.run();
            }
        }
        if (beginAnew) {
            beginAnew = false;
            for (WorkedQueue queue : queues.served()) {
                if (queue.outstanding() == null) {
                    queue.startAgain(List.of());
                }
            }
        }
    }

    private boolean busy(WorkedQueue queue) {
        return queue.outstanding() != null
                || queue.toSettle()
                || book.held().stream().anyMatch(run -> run.source() == queue);
    }

    /** How many runs could not be settled; once it has ended. */
    int left() {
        return inFlight.toSettle() + trips.outstandingSettlements();
    }
}
