package io.covey.cluster.dashboard;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Cuts answers off that nobody takes: each may be written for so long. */
final class Writes {
    private final ScheduledExecutorService thread;
    private final Duration longest;

    Writes(ScheduledExecutorService thread, Duration longest) {
        this.thread = thread;
        this.longest = longest;
    }

    /** Writes to a channel. */
    interface Step {
        void run() throws IOException;
    }

    /**
     * Writes, on this thread.
     *
     * @throws IOException also if it took too long, and then the channel is closed
     */
    void run(Step step) throws IOException {
        Writing writing = new Writing();
        Future<?> cut = thread.schedule(writing::cut, longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            step.run();
        } finally {
            cut.cancel(false);
            writing.end();
        }
    }

    private static final class Writing {
        private final ReentrantLock lock = new ReentrantLock();
        private final Thread writer = Thread.currentThread();
        private boolean cut;
        private boolean over;

        void cut() {
            lock.lock();
            try {
                if (!over) {
                    cut = true;
                    writer.interrupt(); // closes the channel under a write that stands still
                }
            } finally {
                lock.unlock();
            }
        }

        void end() {
            lock.lock();
            try {
                over = true;
                if (cut) {
                    Thread.interrupted(); // was meant for this write alone
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
