package io.covey.cluster.bench.peers;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Calls for a while. One in flight is a thread that waits for each answer; more are begun by the answers before them. */
final class Calls {
    private static final int MOST = 4_000_000;
    private static final int PATIENCE_SECONDS = 60;

    private final MessagingContestant contestant;
    private final String argument;
    private final long[] took = new long[MOST];
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long end;

    Calls(MessagingContestant contestant, String argument) {
        this.contestant = contestant;
        this.argument = argument;
    }

    /** @return calls, nanoseconds, and the nanoseconds of the median and of the 99th percentile */
    String play(int inFlight, long millis) throws InterruptedException {
        long begun = System.nanoTime();
        end = begun + TimeUnit.MILLISECONDS.toNanos(millis);
        if (inFlight == 1) {
            while (System.nanoTime() < end) {
                long sent = System.nanoTime();
                note(sent, contestant.callAndWait(argument), null);
            }
        } else {
            CountDownLatch chains = new CountDownLatch(inFlight);
            for (int i = 0; i < inFlight; i++) {
                next(chains);
            }
            if (!chains.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(chains.getCount() + " calls have no answer");
            }
        }
        long nanos = System.nanoTime() - begun;
        if (failure.get() != null) {
            throw new IllegalStateException("A call failed", failure.get());
        }
        int calls = done.get();
        Arrays.sort(took, 0, calls);
        return calls + " " + nanos + " " + took[calls / 2] + " " + took[calls * 99 / 100];
    }

    /** A loop where answers are there at once, so that the stack stays flat. */
    private void next(CountDownLatch chains) {
        while (System.nanoTime() < end && failure.get() == null) {
            long sent = System.nanoTime();
            CompletableFuture<String> answer = contestant.call(argument);
            if (!answer.isDone()) {
                answer.whenComplete((text, thrown) -> {
                    note(sent, text, thrown);
                    next(chains);
                });
                return;
            }
            note(sent, answer.join(), null);
        }
        chains.countDown();
    }

    private void note(long sent, @Nullable String answer, @Nullable Throwable thrown) {
        if (thrown != null) {
            failure.compareAndSet(null, thrown);
        } else if (!argument.equals(answer)) {
            failure.compareAndSet(null, new IllegalStateException("Another answer: " + answer));
        } else {
            took[done.getAndIncrement()] = System.nanoTime() - sent;
        }
    }
}
