package io.covey.cluster.redis;

import io.covey.cluster.TransportException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** When to send again what the server refused for now: after 10 ms, then twice that and so on, within one timeout. */
final class Retry {
    private static final long FIRST_MS = 10;
    private static final long LONGEST_MS = 500;

    private final ScheduledExecutorService timer;
    private final long timeoutNanos;
    private final Waits waits;
    private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();

    /**
     * @param timer runs the next tries, which must not block
     * @param timeout from the first try to the end of the last
     * @param waits is told of each refusal
     */
    Retry(ScheduledExecutorService timer, Duration timeout, Waits waits) {
        this.timer = timer;
        this.waits = waits;
        this.timeoutNanos = timeout.toNanos();
    }

    /** The tries of one call whose result is this future; one at a time. */
    Tries of(CompletableFuture<?> result) {
        return new Tries(result);
    }

    /** The tries of one call. */
    final class Tries {
        private final CompletableFuture<?> result;
        private final long started = System.nanoTime();
        private long delayMs = FIRST_MS;

        private Tries(CompletableFuture<?> result) {
            this.result = result;
        }

        /**
         * @param command what was refused, or one of what was
         * @param refused what the last try was answered
         * @param next the next try
         * @return false if the error is none that passes, or the time is over: then there is no next try
         */
        boolean again(RedisCommand command, RedisError refused, Runnable next) {
            if (!Refusal.isForNow(refused)) {
                return false;
            }
            Waits.Wait wait = waits.refused(command, refused);
            long left = TimeUnit.NANOSECONDS.toMillis(timeoutNanos - (System.nanoTime() - started));
            if (left <= delayMs) {
                return false;
            }
            try {
                if (delayMs == FIRST_MS) {
                    waiting.add(result);
                    result.whenComplete((reply, thrown) -> {
                        waiting.remove(result);
                        if (thrown == null) {
                            wait.over();
                        }
                    });
                    timer.schedule(() -> result.completeExceptionally(gaveUp(refused)), left, TimeUnit.MILLISECONDS);
                }
                timer.schedule(next, delayMs, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                return false;
            }
            delayMs = Math.min(LONGEST_MS, 2 * delayMs);
            return true;
        }

        /** What a call that was refused to the end fails with. */
        TransportException gaveUp(RedisError refused) {
            return new UnavailableException(waits.name() + " has refused for "
                    + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms, nothing was done: "
                    + Refusal.explained(refused));
        }
    }

    /** There is no next try for anything. */
    void close() {
        waiting.forEach(result -> result.completeExceptionally(new TransportException("The transport was closed")));
    }
}
