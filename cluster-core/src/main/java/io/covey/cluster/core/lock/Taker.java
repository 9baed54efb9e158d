package io.covey.cluster.core.lock;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Lock;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseAttempt.Granted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes what a source has: at once if it is free, else in line with the others of this node. */
final class Taker {
    private static final long GRACE = TimeUnit.SECONDS.toNanos(10);

    private final Leasing leasing;
    private final LeaseSource source;

    Taker(Leasing leasing, LeaseSource source) {
        this.leasing = leasing;
        this.source = source;
    }

    /**
     * Waits for it.
     *
     * @param over called once when nothing is waited for and nothing is held any more
     */
    Optional<HeldLease> take(Duration wait, Lock.LostListener onLost, Runnable over) throws InterruptedException {
        Waiter waiter = new Waiter(leasing, source, wait, onLost, over);
        if (waiter.overdue() || !lineIsBusy()) {
            Optional<HeldLease> first = tryOnce(waiter);
            if (first.isPresent()) {
                return first;
            }
            if (waiter.overdue()) {
                waiter.end();
                return Optional.empty();
            }
        }
        leasing.join(waiter);
        try {
            // It ends by itself, after the last question at the latest; this is for a transport that forgets one.
            long longest = waiter.left() + leasing.node().timeout().toNanos() + GRACE;
            return waiter.answer().get(longest, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            abandon(waiter);
            throw e;
        } catch (TimeoutException e) {
            abandon(waiter);
            throw new TransportTimeoutException("The " + source.what() + ": no answer to the end of the wait");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** Takes it without a thread that waits. */
    <T> CompletableFuture<Optional<T>> takeLater(
            Duration wait, Lock.LostListener onLost, Runnable over, Function<HeldLease, T> as) {
        Waiter waiter = new Waiter(leasing, source, wait, onLost, over);
        CompletableFuture<Optional<T>> told = new CompletableFuture<>();
        waiter.answer()
                .whenCompleteAsync(
                        (held, thrown) -> tell(told, as, held, thrown),
                        leasing.node().threads().workers());
        told.whenComplete((held, thrown) -> {
            if (told.isCancelled()) {
                abandon(waiter);
            }
        });
        if (!waiter.overdue() && lineIsBusy()) {
            leasing.join(waiter);
            return told;
        }
        long sent = leasing.now();
        leasing.ask(waiter).whenComplete((attempt, thrown) -> {
            if (attempt instanceof Granted granted) {
                waiter.give(granted, sent);
            } else if (thrown != null || waiter.overdue()) {
                waiter.asked(thrown);
                waiter.giveUp();
            } else {
                leasing.join(waiter);
                if (told.isCancelled()) {
                    abandon(waiter);
                }
            }
        });
        return told;
    }

    private boolean lineIsBusy() {
        WaitingLine line = leasing.line(source);
        return line != null && line.busy();
    }

    private Optional<HeldLease> tryOnce(Waiter waiter) throws InterruptedException {
        long sent = leasing.now();
        try {
            LeaseAttempt attempt = leasing.node().await(() -> leasing.ask(waiter), () -> "take the " + source.what());
            return attempt instanceof Granted granted ? Optional.of(waiter.hold(granted, sent)) : Optional.empty();
        } catch (RuntimeException | Error e) {
            // The backend may have given it to us all the same; if this release is lost too, the lease runs out.
            leasing.free(source, waiter.owner());
            waiter.end();
            if (Thread.interrupted()) {
                throw (InterruptedException)
                        new InterruptedException("Interrupted while taking the " + source.what()).initCause(e);
            }
            throw e;
        }
    }

    private void abandon(Waiter waiter) {
        WaitingLine line = leasing.line(source);
        if (line != null && line.leave(waiter)) {
            waiter.giveUp();
        } else {
            waiter.answer().thenAccept(held -> held.ifPresent(HeldLease::release));
        }
    }

    private static <T> void tell(
            CompletableFuture<Optional<T>> told,
            Function<HeldLease, T> as,
            @Nullable Optional<HeldLease> held,
            @Nullable Throwable thrown) {
        if (thrown != null) {
            told.completeExceptionally(failure(thrown));
        } else if (held != null && !told.complete(held.map(as))) {
            held.ifPresent(HeldLease::release);
        }
    }

    private static RuntimeException failure(Throwable thrown) {
        Throwable cause = Await.unwrap(thrown);
        return cause instanceof RuntimeException known ? known : new ClusterException(cause.toString(), cause);
    }
}
