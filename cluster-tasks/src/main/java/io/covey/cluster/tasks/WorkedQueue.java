package io.covey.cluster.tasks;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One queue as a worker knows it, and its conversation with it. Only the poller calls what is not said to be for all. */
final class WorkedQueue {

    /** A run that has ended and how. */
    record Ended(TaskRun run, Outcome outcome) {}

    private final String name;
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicLong processed = new AtomicLong();
    private volatile boolean hinted = true;
    private String lane = Brokers.newLane();
    private long seq;
    private long ready;
    private long lastTries;
    private @Nullable String epoch;
    private @Nullable Part outstanding;

    WorkedQueue(String name) {
        this.name = name;
    }

    String name() {
        return name;
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

    boolean mayHaveWork() {
        return hinted || ready > 0;
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
    Optional<String> answered(QueueState state) {
        outstanding = null;
        ready = state.ready();
        lastTries = state.lastTries();
        String before = epoch;
        epoch = state.epoch();
        return before == null || before.equals(epoch) ? Optional.empty() : Optional.of(before);
    }

    /** Starts a new conversation; what the last call should have settled is settled by the next. */
    void startAgain(List<Ended> unsettled) {
        outstanding = null;
        lane = Brokers.newLane();
        seq = 0;
        hinted = true;
        ended.addAll(unsettled);
    }
}
