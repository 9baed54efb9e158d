package io.covey.cluster.tasks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At most so many threads that run what was claimed, in order. A thread that finds nothing for a while ends. */
final class Runners {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long KEEP = TimeUnit.SECONDS.toNanos(2);

    private final IntSupplier most;
    private final ThreadFactory threads;
    private final Consumer<TaskRun> body;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final Deque<TaskRun> ready = new ArrayDeque<>();
    private final List<TaskRun> doubtful = new ArrayList<>();
    private int alive;
    private int waiting;
    private boolean closing;
    private boolean stopped;
    private volatile int inHand;
    private volatile int running;

    /** {@code most} may change; {@code body} runs one and throws nothing. */
    Runners(IntSupplier most, ThreadFactory threads, Consumer<TaskRun> body) {
        this.most = most;
        this.threads = threads;
        this.body = body;
    }

    /** How many are here and have not ended. */
    int inHand() {
        return inHand;
    }

    int running() {
        return running;
    }

    /** False if nothing is started any more, so that they are to be given back. */
    boolean start(Collection<TaskRun> runs) {
        lock.lock();
        try {
            if (closing) {
                return false;
            }
            ready.addAll(runs);
            inHand += runs.size();
            wake();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What was not started because nobody knew whose it was, again. */
    void recheck() {
        lock.lock();
        try {
            ready.addAll(doubtful);
            doubtful.clear();
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** What has not been started, which it then will not be, nor will anything that comes later. */
    List<TaskRun> takeUnstarted() {
        lock.lock();
        try {
            closing = true;
            List<TaskRun> unstarted = new ArrayList<>(ready);
            unstarted.addAll(doubtful);
            ready.clear();
            doubtful.clear();
            inHand -= unstarted.size();
            idle.signalAll();
            return unstarted;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is in hand. */
    boolean awaitIdle(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (inHand > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return inHand == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads that have nothing to do. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One thread for the first; who takes a task wakes the next, so that short ones wake few. */
    private void wake() {
        if (ready.isEmpty()) {
            return;
        }
        if (waiting > 0) {
            work.signal();
        } else if (alive < most.getAsInt() && !stopped) {
            alive++;
            threads.newThread(this::loop).start();
        }
    }

    private void loop() {
        TaskRun run = next(false);
        while (run != null) {
            try {
                body.accept(run);
            } catch (RuntimeException | Error e) {
                LOG.error("A thread for tasks met an unexpected error; it goes on", e);
            } finally {
                // A late interrupt was meant for the run before.
                Thread.interrupted();
            }
            run = next(true);
        }
    }

    private @Nullable TaskRun next(boolean ended) {
        lock.lock();
        try {
            if (ended) {
                running--;
                leave();
            }
            long left = KEEP;
            while (true) {
                if (alive > most.getAsInt()) {
                    alive--;
                    wake();
                    return null;
                }
                TaskRun run = ready.poll();
                if (run == null) {
                    if (stopped || left <= 0) {
                        alive--;
                        return null;
                    }
                    left = await(left);
                } else if (run.lost() || run.ended()) {
                    leave();
                } else if (!run.stillMine()) {
                    doubtful.add(run);
                } else {
                    running++;
                    wake();
                    return run;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        inHand--;
        if (inHand == 0) {
            idle.signalAll();
        }
    }

    private long await(long nanos) {
        waiting++;
        try {
            return work.awaitNanos(nanos);
        } catch (InterruptedException e) {
            return nanos;
        } finally {
            waiting--;
        }
    }
}
