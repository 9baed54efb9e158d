package io.covey.cluster.core.lock;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Lock;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock while it is held: renewed at a third of its lease, and given up by our own clock when no renewal came through. */
final class HeldLease implements Lock.Held {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);

    private enum State {
        HELD,
        LOST,
        RELEASED
    }

    private final Locks.Holding holding;
    private final NodeContext node;
    private final Claim claim;
    private final Lock.LostListener onLost;
    private final Runnable freed;
    private final long leaseNanos;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private volatile long deadline;
    private volatile @Nullable Future<?> next;

    HeldLease(Locks.Holding holding, Claim claim, Lock.LostListener onLost, Runnable freed) {
        this.holding = holding;
        this.node = holding.node();
        this.claim = claim;
        this.onLost = onLost;
        this.freed = freed;
        this.leaseNanos = holding.lease().toNanos();
    }

    /** The lease counts from when it was asked for, since that is the earliest the backend can have begun it. */
    void start(long sent) {
        deadline = sent + leaseNanos;
        holding.held().add(this);
        schedule();
    }

    @Override
    public long fence() {
        return claim.fence;
    }

    @Override
    public boolean stillMine() {
        return state.get() == State.HELD && left() > 0;
    }

    @Override
    public void close() {
        try {
            Await.on(release(), node.timeout(), "release the lock " + claim.name);
        } catch (ClusterException e) {
            LOG.debug("Lock {} was not released in time", claim.name, e);
        }
    }

    /** Begins to release it if it is still held. The stage does not fail: a lock that cannot be released runs out. */
    CompletionStage<Void> release() {
        if (!end(State.RELEASED)) {
            return CompletableFuture.completedStage(null);
        }
        return holding.free(claim.name, claim.owner).handle((released, thrown) -> {
            if (thrown != null) {
                LOG.warn(
                        "Lock {} could not be released ({}); it is free when its lease of {} ends",
                        claim.name,
                        Await.unwrap(thrown).getMessage(),
                        holding.lease());
            }
            return null;
        });
    }

    private long left() {
        return deadline - node.clock().nanos();
    }

    private void schedule() {
        long pause = Math.max(1, Math.min(leaseNanos / 3, left()));
        try {
            next = node.threads().timer().schedule(this::renew, pause, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Lock {} is renewed no more: the node is closed", claim.name);
        }
        if (state.get() != State.HELD) {
            cancel();
        }
    }

    private void renew() {
        if (state.get() != State.HELD) {
            return;
        }
        if (left() <= 0) {
            lost("no renewal came through within its lease of " + holding.lease());
            return;
        }
        long sent = node.clock().nanos();
        try {
            holding.store()
                    .extend(claim.name, claim.owner, holding.lease())
                    .whenComplete((renewed, thrown) -> renewed(sent, renewed, thrown));
        } finally {
            schedule();
        }
    }

    private void renewed(long sent, @Nullable Boolean renewed, @Nullable Throwable thrown) {
        if (thrown != null) {
            LOG.debug("Lock {} was not renewed, it is tried again", claim.name, thrown);
        } else if (Boolean.TRUE.equals(renewed)) {
            deadline = Math.max(deadline, sent + leaseNanos);
        } else {
            lost("the backend does not know it as ours any more");
        }
    }

    private void lost(String reason) {
        if (!end(State.LOST)) {
            return;
        }
        LOG.warn("Lost the lock {} (fence {}): {}; somebody else may hold it now", claim.name, claim.fence, reason);
        holding.free(claim.name, claim.owner);
        try {
            node.threads().sequence().execute(() -> tell(reason));
        } catch (RejectedExecutionException e) {
            LOG.debug("The loss of lock {} is not told: the node is closed", claim.name);
        }
    }

    private void tell(String reason) {
        try {
            onLost.lost(reason);
        } catch (RuntimeException e) {
            LOG.warn("The listener to the loss of lock {} threw", claim.name, e);
        }
    }

    private boolean end(State how) {
        if (!state.compareAndSet(State.HELD, how)) {
            return false;
        }
        cancel();
        holding.held().remove(this);
        freed.run();
        return true;
    }

    private void cancel() {
        Future<?> scheduled = next;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    /**
     * What is held.
     *
     * @param name which lock
     * @param owner by whom
     * @param fence the number of this holding
     */
    record Claim(String name, String owner, long fence) {}
}
