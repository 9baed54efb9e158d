package io.covey.cluster.tasks;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One queue as a worker knows it, and its conversation with it. Only the poller calls what is not said to be for all. */
final class WorkedQueue {
    private static final long LEAST_WAIT = Duration.ofMillis(1).toNanos();
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long MOST_WAIT = LOOK.toNanos();
    private static final long MOST_SPREAD = Duration.ofMillis(100).toNanos();
    private static final int MOST_DOUBLINGS = 10;
    private static final int MOST_SPREADS = 3;
    private static final int FEW_SPREADS = 2;
    private static final int MANY = 8;

    /** A run that has ended and how. */
    record Ended(TaskRun run, Outcome outcome) {}

    private final String name;
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicLong processed = new AtomicLong();
    private final Share share = new Share();
    private final Recovery recovery = new Recovery();
    private volatile boolean hinted = true;
    private volatile long ready;
    private volatile boolean limited;
    private String lane = Brokers.newLane();
    private long seq;
    private long lastTries;
    private boolean waits;
    private long waitsUntil;
    private int barren;
    private @Nullable String epoch;
    private @Nullable Part outstanding;

    WorkedQueue(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** What it gets of the claims. */
    Share share() {
        return share;
    }

    Recovery recovery() {
        return recovery;
    }

    /** For all threads: it may have work. True if this was news. */
    boolean hint() {
        boolean news = !hinted;
        hinted = true;
        return news;
    }

    /** For all threads: to be settled with the next trip. */
    void add(Ended one) {
        ended.add(one);
    }

    /** For all threads. */
    AtomicLong processed() {
        return processed;
    }

    /** For all threads: whether tasks were there to be claimed when it last answered, and no setting or limit in between. */
    boolean claimable() {
        return ready > 0 && !limited;
    }

    /** Whether a claim may be worth it now. */
    boolean mayHaveWork(long now) {
        return waits ? now - waitsUntil >= 0 : hinted || ready > 0;
    }

    /** When {@link #mayHaveWork} is to be asked again because of time alone, {@code latest} if not before. */
    long nextWork(long now, long latest) {
        return waits && waitsUntil - now > 0 && waitsUntil - latest < 0 ? waitsUntil : latest;
    }

    /** How many are there to be claimed for all that is known; more may be. */
    long expected() {
        return hinted || waits ? Long.MAX_VALUE : ready;
    }

    /** How many places in its limits the next settlements free. */
    int toFree(int most) {
        return waits ? Math.min(most, ended.size()) : 0;
    }

    boolean toSettle() {
        return !ended.isEmpty();
    }

    List<Ended> takeEnded(int most) {
        List<Ended> taken = new ArrayList<>();
        while (taken.size() < most) {
            Ended next = ended.poll();
            if (next == null) {
                break;
            }
            taken.add(next);
        }
        return taken;
    }

    long lastTries() {
        return lastTries;
    }

    @Nullable
    Part outstanding() {
        return outstanding;
    }

    void sent(Part part) {
        outstanding = part;
    }

    void looked() {
        hinted = false;
    }

    Call nextCall() {
        return new Call(lane, ++seq);
    }

    /** Takes in an answer; the epoch before, if it has changed. */
    Optional<String> answered(QueueState state, int asked, int claimed, long now) {
        outstanding = null;
        ready = state.ready();
        lastTries = state.lastTries();
        share.claimed(asked, claimed);
        pace(state, asked, claimed, now);
        String before = epoch;
        epoch = state.epoch();
        return before == null || before.equals(epoch) ? Optional.empty() : Optional.of(before);
    }

    /** When to ask again: what is held back is not asked for in vain, however many hints come. */
    private void pace(QueueState state, int asked, int claimed, long now) {
        long pause =
                state.pause().compareTo(LOOK) > 0 ? MOST_WAIT : state.pause().toNanos();
        limited = pause > 0;
        if (claimed > 0 || pause == 0 && ready == 0) {
            barren = 0;
        } else if (asked > 0) {
            barren = Math.min(barren + 1, MOST_DOUBLINGS);
        }
        if (limited) {
            wait(now, limited(pause, ThreadLocalRandom.current().nextDouble()));
        } else if (barren > 0) {
            wait(now, LEAST_WAIT << barren);
        } else {
            waits = false;
        }
    }

    /**
     * Of many workers that wait for the same permit one gets it: the others come a little later, each at another time, and
     * those that often come in vain much later. What a limit lets go in a twentieth of a second is not to be missed.
     */
    private long limited(long pause, double random) {
        int doublings = barren >= MANY ? MOST_SPREADS : Math.min(barren, FEW_SPREADS);
        if (doublings == 0) {
            return pause;
        }
        long spread = (long) ((pause << doublings) * (1 + random) / 2);
        return Math.max(pause, Math.min(MOST_SPREAD, spread));
    }

    private void wait(long now, long nanos) {
        waits = true;
        waitsUntil = now + Math.max(LEAST_WAIT, Math.min(MOST_WAIT, nanos));
    }

    /** Starts a new conversation; what the last call should have settled is settled by the next. */
    void startAgain(List<Ended> unsettled) {
        outstanding = null;
        lane = Brokers.newLane();
        seq = 0;
        hinted = true;
        waits = false;
        ended.addAll(unsettled);
    }
}
