package io.covey.cluster.core.rooms;

import java.util.concurrent.locks.ReentrantLock;

/** A step that is done by whoever needs it first, while the others wait; one that threw is done again. */
final class Once {
    private final ReentrantLock doing = new ReentrantLock();
    private volatile boolean done;

    boolean done() {
        return done;
    }

    void run(Runnable step) {
        if (done) {
            return;
        }
        doing.lock();
        try {
            if (!done) {
                step.run();
                done = true;
            }
        } finally {
            doing.unlock();
        }
    }
}
