package io.covey.cluster.tasks;

import java.util.concurrent.atomic.AtomicInteger;

/** How many tasks are held and not ended, and how many ended ones are not yet on their way. For all threads. */
final class InFlight {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger toSettle = new AtomicInteger();
    private volatile int enough = 1;

    int open() {
        return open.get();
    }

    int toSettle() {
        return toSettle.get();
    }

    boolean isEmpty() {
        return open.get() == 0 && toSettle.get() == 0;
    }

    /** So many that have ended are worth a trip of their own. */
    void worthATrip(int ended) {
        if (enough != ended) {
            enough = ended;
        }
    }

    void claimed(int runs) {
        open.addAndGet(runs);
    }

    /** One has ended; true if the poller should know now. */
    boolean ended(boolean settles) {
        int waiting = settles ? toSettle.incrementAndGet() : toSettle.get();
        int running = open.decrementAndGet();
        return waiting <= 1 || waiting >= enough || running == 0;
    }

    /** They are on their way; a negative number came back. */
    void settling(int runs) {
        if (runs != 0) {
            toSettle.addAndGet(-runs);
        }
    }
}
