package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what the next trip carries: the settlements of what has ended, and claims for the free slots, the whole budget
 * for the first queue that may have work. Sleeps until a run ends, a hint or an answer comes, or once a second.
 */
final class Poller implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long LOOK = Duration.ofSeconds(1).toNanos();
    private static final double SPREAD = 0.2;
    /** A worker that beats and no longer claims would be the worst of states. */
    private static final long MISHAP = Duration.ofMillis(100).toNanos();
    /** How long short runs may wait for company on their way back. */
    private static final long HOLD = Duration.ofMillis(1).toNanos();

    private final WorkerOptions options;
    private final String owner;
    private final WorkerTime time;
    private final List<WorkedQueue> queues;
    private final Trips trips;
    private final Pace pace;
    private final LastTries lastTries = new LastTries();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger toSettle = new AtomicInteger();
    private volatile boolean signalled;
    private volatile boolean claims = true;
    private volatile @Nullable Long flushUntil;
    private volatile int half = 1;
    private volatile @Nullable Thread thread;
    private long nextLook;
    private boolean holding;
    private long heldSince;

    Poller(WorkerOptions options, String owner, WorkerTime time, List<WorkedQueue> queues, Trips trips, Pace pace) {
        this.options = options;
        this.owner = owner;
        this.time = time;
        this.queues = queues;
        this.trips = trips;
        this.pace = pace;
        this.nextLook = time.nanos();
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
        int waiting = toSettle.get();
        if (outcome != null) {
            run.source().add(new Ended(run, outcome));
            waiting = toSettle.incrementAndGet();
        }
        int running = open.decrementAndGet();
        if (waiting <= 1 || waiting >= half || running == 0) {
            wake();
        }
    }

    /** For the trips: a run was claimed; false if the worker takes no more, so that it is to be given back. */
    boolean claimed() {
        open.incrementAndGet();
        return claims;
    }

    /** For the trips: runs are to be settled again. */
    void unsettled(int runs) {
        toSettle.addAndGet(runs);
    }

    boolean claiming() {
        return claims;
    }

    /** For all threads: takes no more tasks. */
    void stopClaiming() {
        claims = false;
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
            } catch (RuntimeException e) {
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
        trips.takeAnswers();
        long now = time.nanos();
        Long until = flushUntil;
        if (until != null && (empty() || now - until >= 0)) {
            return true;
        }
        trips.repeat(now);
        lastTries.endIf(empty(), now);
        lastTries.see(queues, claims && idle(), now);
        long next = send(now);
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

    /** How many runs could not be settled; once it has ended. */
    int left() {
        return toSettle.get() + trips.outstandingSettlements();
    }

    /** Sends what is due; when to look again, by the worker's clock. */
    private long send(long now) {
        int ahead = pace.ahead();
        int target = options.concurrency() + ahead;
        half = ahead == 0 ? 1 : Math.max(1, target / 2);
        boolean mayClaim = claims && !lastTries.alone();
        int free = mayClaim ? target - open.get() - trips.asked() : 0;
        boolean look = free > 0 && now - nextLook >= 0;
        WorkedQueue from = free > 0 ? chooseQueue(look) : null;
        Optional<WorkedQueue> solo = claims ? lastTries.ask(empty()) : Optional.empty();
        boolean settles = settlesNow();
        if (!settles && from == null && !look && solo.isEmpty()) {
            holding = false;
            return mayClaim && free > 0 ? nextLook : now + LOOK;
        }
        if (ahead > 0 && claims && !look && !urgent(free, from != null) && !heldLongEnough(now)) {
            return heldSince + HOLD;
        }
        holding = false;
        List<Part> parts = new ArrayList<>(queues.size());
        for (WorkedQueue queue : queues) {
            if (queue.outstanding() == null) {
                boolean alone = solo.isPresent() && solo.get() == queue;
                int limit = alone ? 1 : queue == from ? Math.min(free, TaskBroker.MOST) : 0;
                List<Ended> ended = queue.takeEnded(TaskBroker.MOST);
                if (limit > 0 || look || !ended.isEmpty()) {
                    parts.add(part(queue, ended, limit, alone, look, now));
                }
            }
        }
        if (look) {
            nextLook = now
                    + (long) (LOOK
                            * (1
                                    - SPREAD
                                    + 2 * SPREAD * ThreadLocalRandom.current().nextDouble()));
        }
        if (!parts.isEmpty()) {
            trips.send(parts, now);
        }
        return nextLook;
    }

    private Part part(WorkedQueue queue, List<Ended> ended, int limit, boolean alone, boolean look, long now) {
        if (limit > 0 || look) {
            queue.looked();
        }
        toSettle.addAndGet(-ended.size());
        List<Settlement> settlements = new ArrayList<>(ended.size());
        for (Ended one : ended) {
            TaskRun run = one.run();
            settlements.add(new Settlement(
                    run.lease().id(), run.lease().fence(), one.outcome(), UniqueLocks.freedBy(run, one.outcome())));
        }
        Turn turn = new Turn(
                queue.name(),
                queue.nextCall(),
                owner,
                options.lease(),
                options.maxDeliveries(),
                settlements,
                limit,
                alone);
        return new Part(queue, turn, ended, now);
    }

    private @Nullable WorkedQueue chooseQueue(boolean look) {
        WorkedQueue first = null;
        for (WorkedQueue queue : queues) {
            if (queue.outstanding() == null) {
                if (queue.mayHaveWork()) {
                    return queue;
                }
                first = first == null ? queue : first;
            }
        }
        return look ? first : null;
    }

    private boolean settlesNow() {
        if (toSettle.get() == 0) {
            return false;
        }
        for (WorkedQueue queue : queues) {
            if (queue.outstanding() == null && queue.toSettle()) {
                return true;
            }
        }
        return false;
    }

    private boolean urgent(int free, boolean claimable) {
        int running = open.get();
        return running == 0
                || claimable && running < options.concurrency()
                || claimable && free >= half
                || toSettle.get() >= half;
    }

    private boolean heldLongEnough(long now) {
        if (!holding) {
            holding = true;
            heldSince = now;
        }
        return now - heldSince >= HOLD;
    }

    private boolean idle() {
        return empty() && queues.stream().noneMatch(WorkedQueue::mayHaveWork);
    }

    private boolean empty() {
        return open.get() == 0 && toSettle.get() == 0 && trips.none();
    }
}
