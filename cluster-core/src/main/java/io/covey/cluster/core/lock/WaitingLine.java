package io.covey.cluster.core.lock;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseAttempt.Busy;
import io.covey.cluster.spi.LeaseAttempt.Granted;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those of one node who wait for the same, first come, first served. Only the first asks the backend, so that a release
 * costs one question a node, however many wait: when a hint comes, when the lease of the holder ends, and in any case
 * once a second, since hints may be lost.
 */
final class WaitingLine {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingLine.class);
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long AFTER_THE_LEASE = TimeUnit.MILLISECONDS.toNanos(2);
    /** Where many come and go, a new subscription for each would cost more than the questions. */
    private static final long LINGER = TimeUnit.SECONDS.toNanos(10);

    private final Leasing leasing;
    private final LeaseSource source;
    private final ReentrantLock guard = new ReentrantLock();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private @Nullable Registration hints;
    private @Nullable Future<?> next;
    private long pause = SHORTEST_PAUSE;
    private boolean asking;
    private boolean hinted;
    private boolean closed;

    WaitingLine(Leasing leasing, LeaseSource source) {
        this.leasing = leasing;
        this.source = source;
    }

    /** Whether somebody waits. */
    boolean busy() {
        guard.lock();
        try {
            return !waiters.isEmpty();
        } finally {
            guard.unlock();
        }
    }

    /** Joins at the end; false if this line is closed and another has to be joined. */
    boolean join(Waiter waiter) {
        guard.lock();
        try {
            if (closed) {
                return false;
            }
            waiters.add(waiter);
            listen();
            if (waiters.size() == 1 && !asking) {
                pause = SHORTEST_PAUSE;
                plan(pause);
            }
        } finally {
            guard.unlock();
        }
        later(() -> overdue(waiter), waiter.left());
        return true;
    }

    /** Gives up a place; false if what was waited for has come, or was refused, already. */
    boolean leave(Waiter waiter) {
        guard.lock();
        try {
            return waiters.remove(waiter);
        } finally {
            guard.unlock();
        }
    }

    /** Ends it, and the wait of all. */
    void close(RuntimeException reason) {
        List<Waiter> left;
        guard.lock();
        try {
            left = List.copyOf(waiters);
            waiters.clear();
            end();
        } finally {
            guard.unlock();
        }
        left.forEach(waiter -> waiter.fail(reason));
    }

    private void listen() {
        if (hints == null) {
            try {
                hints = source.onFree(() -> later(this::hint, 0));
            } catch (RuntimeException e) {
                LOG.debug("No hints for the {} now; it is asked for once a second", source.what(), e);
            }
        }
    }

    private void hint() {
        guard.lock();
        try {
            hinted = true;
        } finally {
            guard.unlock();
        }
        ask();
    }

    private void ask() {
        Waiter first;
        guard.lock();
        try {
            first = waiters.peek();
            if (asking || first == null) {
                return;
            }
            asking = true;
            hinted = false;
            cancel();
        } finally {
            guard.unlock();
        }
        long sent = leasing.now();
        leasing.ask(first)
                .toCompletableFuture()
                .copy()
                // The transport times its own commands; this is for one that does not.
                .orTimeout(leasing.node().timeout().toMillis() + 500, TimeUnit.MILLISECONDS)
                .whenComplete((answer, thrown) -> answered(first, sent, answer, thrown));
    }

    private void answered(Waiter first, long sent, @Nullable LeaseAttempt answer, @Nullable Throwable thrown) {
        boolean over;
        guard.lock();
        try {
            asking = false;
            first.asked(thrown);
            over = (answer instanceof Granted || first.overdue()) && waiters.remove(first);
            planAfter(answer);
        } finally {
            guard.unlock();
        }
        if (answer instanceof Granted granted && over) {
            first.give(granted, sent);
        } else if (over) {
            first.giveUp();
        } else if (answer instanceof Granted || thrown != null && !waits(first)) {
            // It left while it was asked for; nobody else would end this lease.
            leasing.free(source, first.owner());
        }
    }

    private boolean waits(Waiter waiter) {
        guard.lock();
        try {
            return waiters.contains(waiter);
        } finally {
            guard.unlock();
        }
    }

    private void planAfter(@Nullable LeaseAttempt answer) {
        if (closed) {
            return;
        }
        if (waiters.isEmpty()) {
            next = later(this::retire, LINGER);
            return;
        }
        listen();
        if (answer instanceof Granted) {
            pause = SHORTEST_PAUSE;
        }
        long wait = ThreadLocalRandom.current().nextLong(pause * 3 / 4, pause * 5 / 4);
        if (answer instanceof Busy busy) {
            wait = Math.min(wait, busy.left().toNanos() + AFTER_THE_LEASE);
        }
        plan(hinted || answer instanceof Granted && source.holders() > 1 ? 0 : wait);
        pause = Math.min(LONGEST_PAUSE, pause * 2);
    }

    private void plan(long wait) {
        cancel();
        next = later(this::ask, wait);
    }

    private void overdue(Waiter waiter) {
        boolean first;
        guard.lock();
        try {
            first = waiters.peek() == waiter;
            if (!first && !waiters.remove(waiter)) {
                return;
            }
        } finally {
            guard.unlock();
        }
        if (first) {
            ask();
        } else {
            waiter.giveUp();
        }
    }

    private void retire() {
        guard.lock();
        try {
            if (!waiters.isEmpty() || asking) {
                return;
            }
            end();
        } finally {
            guard.unlock();
        }
    }

    private void end() {
        closed = true;
        cancel();
        Registration listening = hints;
        hints = null;
        if (listening != null) {
            listening.close();
        }
        leasing.forget(this, source);
    }

    private void cancel() {
        Future<?> planned = next;
        next = null;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    private @Nullable Future<?> later(Runnable step, long nanos) {
        try {
            return leasing.node().threads().timer().schedule(step, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The {} is waited for no more: the node is closed", source.what());
            return null;
        }
    }
}
