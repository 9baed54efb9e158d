package io.covey.cluster.core.lock;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Lock;
import io.covey.cluster.Registration;
import io.covey.cluster.core.runtime.NodeContext;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One handle. Each acquisition has an owner of its own, so that a late release cannot end the next one. */
final class LeasedLock implements Lock {
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Locks.Holding holding;
    private final NodeContext node;
    private final AtomicBoolean busy = new AtomicBoolean();

    LeasedLock(String name, Locks.Holding holding) {
        this.name = name;
        this.holding = holding;
        this.node = holding.node();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Held> tryLock(Duration wait, LostListener onLost) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        node.life().ensureOpen();
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("Lock " + name
                    + ": this handle holds it or waits for it; Cluster.lock makes a handle for each who competes");
        }
        String owner = node.self().id() + ":" + UUID.randomUUID();
        Optional<Held> taken = Optional.empty();
        try {
            taken = acquire(owner, wait, onLost);
            return taken;
        } catch (ClusterException e) {
            // The backend may have given it to us all the same; if this release is lost too, the lease runs out.
            holding.free(name, owner);
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("Lock " + name + ": interrupted").initCause(e);
            }
            throw e;
        } finally {
            if (taken.isEmpty()) {
                busy.set(false);
            }
        }
    }

    private Optional<Held> acquire(String owner, Duration wait, LostListener onLost) throws InterruptedException {
        long deadline = node.clock().nanos() + nanos(wait);
        Optional<Held> first = once(owner, onLost);
        if (first.isPresent() || deadline - node.clock().nanos() <= 0) {
            return first;
        }
        Semaphore hint = new Semaphore(0);
        Registration hints = holding.store().onFree(name, hint::release);
        try {
            // Freed between the first try and the subscription: no hint tells of that.
            long pause = 0;
            while (true) {
                long left = deadline - node.clock().nanos();
                if (pause > 0 && hint.tryAcquire(Math.min(left, jittered(pause)), TimeUnit.NANOSECONDS)) {
                    hint.drainPermits();
                }
                Optional<Held> taken = once(owner, onLost);
                if (taken.isPresent() || deadline - node.clock().nanos() <= 0) {
                    return taken;
                }
                pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, pause * 2));
            }
        } finally {
            hints.close();
        }
    }

    private Optional<Held> once(String owner, LostListener onLost) {
        long sent = node.clock().nanos();
        OptionalLong fence =
                node.await(() -> holding.store().acquire(name, owner, holding.lease()), "take the lock " + name);
        if (fence.isEmpty()) {
            return Optional.empty();
        }
        HeldLease held =
                new HeldLease(holding, new HeldLease.Claim(name, owner, fence.getAsLong()), onLost, this::freed);
        held.start(sent);
        return Optional.of(held);
    }

    private void freed() {
        busy.set(false);
    }

    private static long jittered(long pause) {
        return ThreadLocalRandom.current().nextLong(pause * 3 / 4, pause * 5 / 4);
    }

    private static long nanos(Duration wait) {
        return wait.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365).toNanos() : wait.toNanos();
    }
}
