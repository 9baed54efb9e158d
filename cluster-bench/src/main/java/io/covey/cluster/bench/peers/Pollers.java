package io.covey.cluster.bench.peers;

import java.util.ArrayList;
import java.util.List;

/** Threads that ask a list for its next element again and again, for contestants that have no workers of their own. */
public final class Pollers {
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean working;

    /** None yet. */
    public Pollers() {}

    /** Waits a moment for an element, and handles it if there is one. */
    @FunctionalInterface
    public interface Poll {

        /**
         * Does it once.
         *
         * @throws InterruptedException if the thread is to end
         */
        void once() throws InterruptedException;
    }

    /** Begins with so many threads. */
    public void work(int concurrency, Poll poll) {
        working = true;
        for (int i = 0; i < concurrency; i++) {
            Thread thread = new Thread(() -> run(poll));
            thread.start();
            threads.add(thread);
        }
    }

    private void run(Poll poll) {
        try {
            while (working) {
                poll.once();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends when each has done what it is at. */
    public void rest() throws InterruptedException {
        working = false;
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
    }
}
