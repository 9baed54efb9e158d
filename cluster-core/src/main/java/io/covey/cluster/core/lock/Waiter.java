package io.covey.cluster.core.lock;

import io.covey.cluster.Lock;
import io.covey.cluster.NodeEvent;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LeaseAttempt.Granted;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One wish for a lease, with an owner of its own, so that a late release cannot end the next one. */
final class Waiter {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Leasing leasing;
    private final LeaseSource source;
    private final String owner;
    private final Lock.LostListener onLost;
    private final Runnable over;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final long begun;
    private final long patience;
    private final CompletableFuture<Optional<HeldLease>> answer = new CompletableFuture<>();
    private volatile @Nullable Throwable failure;
    private volatile boolean granted;

    /**
     * @param over called once when nothing is waited for and nothing is held any more
     */
    Waiter(Leasing leasing, LeaseSource source, Duration wait, Lock.LostListener onLost, Runnable over) {
        this.leasing = leasing;
        this.source = source;
        this.owner = leasing.node().self().id() + ":" + UUID.randomUUID();
        this.onLost = onLost;
        this.over = over;
        this.begun = leasing.now();
        this.patience = wait.isNegative() ? 0 : (wait.compareTo(LONGEST) > 0 ? LONGEST : wait).toNanos();
    }

    LeaseSource source() {
        return source;
    }

    String owner() {
        return owner;
    }

    CompletableFuture<Optional<HeldLease>> answer() {
        return answer;
    }

    /** How long it still waits, in nanoseconds. */
    long left() {
        return patience - (leasing.now() - begun);
    }

    boolean overdue() {
        return left() <= 0;
    }

    /** The lease counts from when it was asked for, since that is the earliest the backend can have begun it. */
    HeldLease hold(Granted granted, long sent) {
        tell(true);
        HeldLease held = new HeldLease(leasing, this, granted.number(), onLost, this::end);
        held.start(sent);
        return held;
    }

    /** Ends the wait with what was given. */
    void give(Granted granted, long sent) {
        HeldLease held = hold(granted, sent);
        if (!answer.complete(Optional.of(held))) {
            held.release();
        }
    }

    /** What the last question failed with, null if it was answered. */
    void asked(@Nullable Throwable thrown) {
        failure = thrown;
    }

    /** Ends the wait with nothing. */
    void giveUp() {
        Throwable last = failure;
        end();
        if (last == null) {
            answer.complete(Optional.empty());
        } else {
            // The backend may have given it to us all the same; if this release is lost too, the lease runs out.
            leasing.free(source, owner);
            answer.completeExceptionally(Await.unwrap(last));
        }
    }

    /** Nothing is waited for and nothing is held any more. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            if (!granted) {
                tell(false);
            }
            over.run();
        }
    }

    private void tell(boolean given) {
        granted = given;
        if (leasing.node().news().wanted()) {
            Duration took = Duration.ofNanos(leasing.now() - begun);
            leasing.node().news().tell(new NodeEvent.LeaseAwaited(source.kind(), took, given));
        }
    }

    void fail(Throwable cause) {
        end();
        answer.completeExceptionally(cause);
    }
}
