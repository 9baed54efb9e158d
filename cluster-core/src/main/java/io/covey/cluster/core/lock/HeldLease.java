package io.covey.cluster.core.lock;

import io.covey.cluster.ClusterException;
import io.covey.cluster.LeaseLostException;
import io.covey.cluster.Lock;
import io.covey.cluster.NodeEvent;
import io.covey.cluster.Semaphore;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock or a permit while it is held: renewed at a third of its lease, more often while that fails, and given up by our
 * own clock when no renewal came through.
 */
final class HeldLease implements Lock.Held, Semaphore.Permit {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);

    private enum State {
        HELD,
        LOST,
        RELEASED
    }

    private final Leasing leasing;
    private final NodeContext node;
    private final LeaseSource source;
    private final String owner;
    private final long fence;
    private final Lock.LostListener onLost;
    private final Runnable over;
    private final long lease;
    private final long since;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private volatile long deadline;
    private volatile long asked;
    private volatile boolean confirmed = true;
    private volatile boolean failed;
    private volatile @Nullable Future<?> next;

    HeldLease(Leasing leasing, Waiter waiter, long fence, Lock.LostListener onLost, Runnable over) {
        this.leasing = leasing;
        this.node = leasing.node();
        this.source = waiter.source();
        this.owner = waiter.owner();
        this.fence = fence;
        this.onLost = onLost;
        this.over = over;
        this.lease = leasing.lease().toNanos();
        this.since = leasing.now();
    }

    void start(long sent) {
        asked = sent;
        deadline = sent + lease;
        schedule();
        leasing.keep(this);
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public boolean stillMine() {
        return state.get() == State.HELD && left() > 0;
    }

    @Override
    public void assertMine() {
        if (!stillMine()) {
            throw new LeaseLostException("The " + named() + " is not ours any more: "
                    + (state.get() == State.RELEASED
                            ? "it was released"
                            : "its lease of " + leasing.lease() + " is over")
                    + "; what follows may happen beside another holder");
        }
    }

    @Override
    public void close() {
        try {
            Await.on(release(), node.timeout(), () -> "release the " + source.what());
        } catch (ClusterException e) {
            LOG.debug("The {} was not released in time", source.what(), e);
        }
    }

    /** Begins to release it if it is still held. The stage does not fail: what cannot be released runs out. */
    CompletionStage<Void> release() {
        if (!end(State.RELEASED)) {
            return CompletableFuture.completedStage(null);
        }
        return leasing.free(source, owner).handle((released, thrown) -> {
            if (thrown != null) {
                LOG.atWarn()
                        .addKeyValue("event", "lock.release.failed")
                        .log(
                                "The {} could not be released ({}); it is free when its lease of {} ends",
                                source.what(),
                                Await.unwrap(thrown).getMessage(),
                                leasing.lease());
            }
            return null;
        });
    }

    private String named() {
        return source.holders() == 1 ? source.what() + " (fence " + fence + ")" : source.what();
    }

    private long left() {
        return deadline - leasing.now();
    }

    private void schedule() {
        long pause = confirmed ? asked + lease / 3 - leasing.now() : lease / 12;
        try {
            next = node.threads()
                    .timer()
                    .schedule(this::tick, Math.max(1, Math.min(pause, left())), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The {} is renewed no more: the node is closed", source.what());
        }
        if (state.get() != State.HELD) {
            cancel();
        }
    }

    private void tick() {
        if (state.get() != State.HELD) {
            return;
        }
        if (left() <= 0) {
            lost("no renewal came through within its lease of " + leasing.lease());
            return;
        }
        try {
            if (failed || leasing.now() - asked >= lease / 3) {
                renew();
            }
        } finally {
            schedule();
        }
    }

    private void renew() {
        long sent = leasing.now();
        asked = sent;
        confirmed = false;
        failed = false;
        try {
            source.extend(owner, leasing.lease()).whenComplete((renewed, thrown) -> renewed(sent, renewed, thrown));
        } catch (RuntimeException e) {
            renewed(sent, null, e);
        }
    }

    private void renewed(long sent, @Nullable Boolean renewed, @Nullable Throwable thrown) {
        if (thrown != null) {
            LOG.debug("The {} was not renewed, it is tried again", source.what(), thrown);
            failed = true;
        } else if (Boolean.TRUE.equals(renewed)) {
            renewedUntil(sent + lease);
            confirmed = true;
        } else {
            lost("the backend does not know it as ours any more");
        }
    }

    /** Answers may overtake one another; the clock of the JVM may wrap. */
    private synchronized void renewedUntil(long end) {
        if (end - deadline > 0) {
            deadline = end;
        }
    }

    private void lost(String reason) {
        if (!end(State.LOST)) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("event", "lock.lost")
                .log("Lost the {}: {}; somebody else may hold it now", named(), reason);
        leasing.free(source, owner);
        try {
            node.threads().sequence().execute(() -> tell(reason));
        } catch (RejectedExecutionException e) {
            LOG.debug("The loss of the {} is not told: the node is closed", source.what());
        }
    }

    private void tell(String reason) {
        try {
            onLost.lost(reason);
        } catch (RuntimeException e) {
            LOG.warn("The listener to the loss of the {} threw", source.what(), e);
        }
    }

    private boolean end(State how) {
        if (!state.compareAndSet(State.HELD, how)) {
            return false;
        }
        cancel();
        leasing.drop(this);
        if (node.news().wanted()) {
            Duration held = Duration.ofNanos(leasing.now() - since);
            node.news().tell(new NodeEvent.LeaseEnded(source.kind(), held, how == State.LOST));
        }
        over.run();
        return true;
    }

    private void cancel() {
        Future<?> scheduled = next;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
