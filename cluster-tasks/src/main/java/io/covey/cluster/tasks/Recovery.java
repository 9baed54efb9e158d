package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * What a worker does at a queue whose backend has forgotten the last of what it acknowledged, as a failover may: it settles
 * again what was accepted in the last seconds (what the backend does know of is refused), then asks what it is taken to hold
 * and gives back what it does not know of, since a living owner would keep that leased for ever. Only the poller calls what
 * is not said to be for all.
 */
final class Recovery {
    private static final long APART = Duration.ofSeconds(1).toNanos();

    private final RecentEnds recent = new RecentEnds();
    private final Deque<List<Settlement>> again = new ArrayDeque<>();
    private final Queue<Held> suspects = new ConcurrentLinkedQueue<>();
    private boolean doubtful;
    private boolean forgottenSince;
    private long begun;
    private boolean everBegun;
    private volatile boolean asks;
    private int remade;

    /** What one trip settled, and the answers to it. */
    void settled(List<Settlement> settlements, List<Settled> answers, long now) {
        if (!settlements.isEmpty()) {
            recent.add(settlements, answers, now);
        }
    }

    /** The next trip is due although nothing else may call for one: it tells whether the backend has forgotten anything. */
    void doubt(long now) {
        doubtful = !recent.isEmpty(now);
        if (forgottenSince && again.isEmpty()) {
            begin(now);
        }
    }

    /** The backend has forgotten something. One that forgets all the time is not to keep the worker from going on. */
    void begin(long now) {
        if (everBegun && (now - begun < APART || !again.isEmpty())) {
            forgottenSince = true;
            return;
        }
        forgottenSince = false;
        everBegun = true;
        begun = now;
        for (List<Settlement> trip : recent.all(now)) {
            for (int from = 0; from < trip.size(); from += TaskBroker.MOST) {
                again.add(trip.subList(from, Math.min(trip.size(), from + TaskBroker.MOST)));
            }
        }
        remade = 0;
        asks = true;
    }

    /** Whether a trip is due. */
    boolean isDue() {
        return doubtful || !again.isEmpty() || !suspects.isEmpty();
    }

    /**
     * What the next trip settles again, perhaps nothing. No call of the queue is under way, so that {@code held} is all that
     * it holds.
     */
    List<Settlement> next(Supplier<Set<Held>> held) {
        doubtful = false;
        if (!again.isEmpty()) {
            return again.remove();
        }
        if (suspects.isEmpty()) {
            return List.of();
        }
        Set<Held> known = held.get();
        List<Settlement> given = new ArrayList<>();
        for (Held one = suspects.poll(); one != null; one = given.size() < TaskBroker.MOST ? suspects.poll() : null) {
            if (!known.contains(one)) {
                given.add(new Settlement(one.id(), one.fence(), new Outcome.Release()));
            }
        }
        return given;
    }

    /** Such settlements were not judged: they are the next again. */
    void unanswered(List<Settlement> settlements) {
        again.addFirst(settlements);
    }

    /** How such settlements were answered. */
    void answered(List<Settled> answers) {
        for (Settled answer : answers) {
            remade += answer == Settled.DONE ? 1 : 0;
        }
    }

    /** Whether it is time to ask what the worker is taken to hold; true once. */
    boolean toAsk() {
        boolean now = asks && again.isEmpty();
        asks &= !now;
        return now;
    }

    /** How many settlements were accepted again. */
    int remade() {
        return remade;
    }

    /** For all threads: the worker is taken to hold these, and does not know of them. */
    void found(Collection<Held> unknown) {
        suspects.addAll(unknown);
    }

    /** For all threads: there was no answer to the question; it is asked again after the next trip. */
    void askAgain() {
        asks = true;
    }
}
