package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the next trip carries: the settlements of what has ended, and claims for the free slots. Only the poller's thread
 * calls this.
 */
final class TripPlan {
    private static final long LOOK = Duration.ofSeconds(1).toNanos();
    private static final double SPREAD = 0.2;
    /** How long short runs may wait for company on their way back. */
    private static final long HOLD = Duration.ofMillis(1).toNanos();

    private final WorkerOptions options;
    private final String owner;
    private final WorkedQueues queues;
    private final Trips trips;
    private final Pace pace;
    private final Slots slots;
    private final InFlight inFlight;
    private final LeaseBook book;
    private final ClaimOrder order;
    private final LastTries lastTries = new LastTries();
    private long nextLook;
    private boolean holding;
    private long heldSince;

    TripPlan(
            WorkerOptions options,
            String owner,
            WorkedQueues queues,
            Trips trips,
            Pace pace,
            Slots slots,
            InFlight inFlight,
            LeaseBook book,
            long now) {
        this.options = options;
        this.owner = owner;
        this.queues = queues;
        this.trips = trips;
        this.pace = pace;
        this.slots = slots;
        this.inFlight = inFlight;
        this.book = book;
        this.order = ClaimOrder.of(options.queues());
        this.nextLook = now;
    }

    /** Whether nothing is claimed but a last try. */
    boolean alone() {
        return lastTries.alone();
    }

    /** Whether nothing is held, and no answer awaited. */
    boolean empty() {
        return inFlight.isEmpty() && trips.none();
    }

    /** Whether everything is settled for all that is known. */
    boolean done() {
        return empty()
                && queues.served().stream().noneMatch(queue -> queue.recovery().isDue());
    }

    /** Sends what is due; when to look again, by the worker's clock. */
    long send(boolean claims, long now) {
        List<WorkedQueue> served = queues.served();
        lastTries.endIf(empty(), now);
        lastTries.see(served, claims && empty() && served.stream().noneMatch(queue -> queue.mayHaveWork(now)), now);
        int ahead = pace.ahead(slots.now());
        int target = slots.now() + ahead;
        int half = ahead == 0 ? 1 : Math.max(1, target / 2);
        inFlight.worthATrip(half);
        boolean mayClaim = claims && !lastTries.alone();
        int free = mayClaim ? Math.max(0, target - inFlight.open() - trips.asked()) : 0;
        boolean look = (free > 0 || claims && lastTries.alone()) && now - nextLook >= 0;
        boolean claimable = order.divide(served, free, now);
        Optional<WorkedQueue> solo = claims ? lastTries.ask(empty()) : Optional.empty();
        if (!claimable && !look && solo.isEmpty() && !settlesNow(served)) {
            holding = false;
            return free > 0 ? nextWork(served, now) : now + LOOK;
        }
        if (ahead > 0 && claims && !look && !urgent(free, half, claimable) && !heldLongEnough(now)) {
            return heldSince + HOLD;
        }
        holding = false;
        if (look && !claimable) {
            served.stream()
                    .filter(queue -> queue.outstanding() == null)
                    .findFirst()
                    .ifPresent(queue -> queue.share().budget(Math.min(free, TaskBroker.MOST)));
        }
        List<Part> parts = parts(served, solo, look, now);
        if (look) {
            double part = 1 - SPREAD + 2 * SPREAD * ThreadLocalRandom.current().nextDouble();
            nextLook = now + (long) (LOOK * part);
        }
        if (!parts.isEmpty()) {
            trips.send(parts, now);
        }
        return free > 0 ? nextWork(served, now) : nextLook;
    }

    private List<Part> parts(List<WorkedQueue> served, Optional<WorkedQueue> solo, boolean look, long now) {
        List<Part> parts = new ArrayList<>(Math.min(served.size(), TaskBroker.MOST));
        for (WorkedQueue queue : served) {
            if (queue.outstanding() == null) {
                boolean alone = solo.isPresent() && solo.get() == queue;
                int limit = alone ? 1 : queue.share().budget();
                if (limit > 0 || look || queue.toSettle() || queue.recovery().isDue()) {
                    parts.add(part(queue, limit, alone, look, now));
                }
            }
        }
        return parts;
    }

    private Part part(WorkedQueue queue, int limit, boolean alone, boolean look, long now) {
        if (limit > 0 || look) {
            queue.looked();
        }
        List<Settlement> again = queue.recovery().isDue() ? queue.recovery().next(book::named) : List.of();
        List<Ended> ended = again.isEmpty() ? queue.takeEnded(TaskBroker.MOST) : List.of();
        inFlight.settling(ended.size());
        List<Settlement> settlements = again.isEmpty() ? new ArrayList<>(ended.size()) : again;
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

    /** When time alone may bring work: the next look, or the end of a wait for a limit. */
    private long nextWork(List<WorkedQueue> served, long now) {
        long next = nextLook;
        for (WorkedQueue queue : served) {
            next = queue.nextWork(now, next);
        }
        return next;
    }

    private boolean settlesNow(List<WorkedQueue> served) {
        boolean ends = inFlight.toSettle() > 0;
        for (WorkedQueue queue : served) {
            if (queue.outstanding() == null
                    && (ends && queue.toSettle() || queue.recovery().isDue())) {
                return true;
            }
        }
        return false;
    }

    private boolean urgent(int free, int half, boolean claimable) {
        int running = inFlight.open();
        return running == 0
                || claimable && running < slots.now()
                || claimable && free >= half
                || inFlight.toSettle() >= half;
    }

    private boolean heldLongEnough(long now) {
        if (!holding) {
            holding = true;
            heldSince = now;
        }
        return now - heldSince >= HOLD;
    }
}
