package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/**
 * What happens when a handler throws: the task runs again after a delay that grows with each attempt, until its
 * attempts are used up; then it has failed and stays among the failed tasks with its content, the exception and the
 * backtrace. Immutable.
 *
 * <p>Exceptions are judged by their class, subclasses included, not by their causes: {@code discardOn} before
 * {@code permanent} before {@code retryOn}. A run that took too long throws a {@link TaskTimeoutException} here.
 *
 * @param attempts how many runs a task gets at most, the first included, from 1; a run whose process died counts, one
 *     that was given back at a stop does not
 * @param first the delay after the first failed attempt
 * @param longest no delay is longer, but for the jitter of fixed ones
 * @param growth each further delay is so many times as long, from 1
 * @param jitter each delay is longer or shorter by a random part up to this one, 0 to 1
 * @param permanent exceptions after which no further attempt is made
 * @param retryOn the only exceptions after which a further attempt is made; empty for all
 * @param discardOn exceptions after which the task is dropped: neither run again nor kept among the failed ones
 */
public record RetryPolicy(
        int attempts,
        Duration first,
        Duration longest,
        double growth,
        double jitter,
        Set<Class<? extends Throwable>> permanent,
        Set<Class<? extends Throwable>> retryOn,
        Set<Class<? extends Throwable>> discardOn) {
    private static final RetryPolicy STANDARD =
            new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofHours(1), 2, 0.2, Set.of(), Set.of(), Set.of());
    private static final double MOST_GROWTH = 100;

    /** What becomes of a task whose handler threw. */
    enum Verdict {
        AGAIN,
        FAILED,
        DISCARDED
    }

    /** Checks and copies the components. */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "A retry delay must not be negative nor longer than the longest, was " + first + " of " + longest);
        }
        if (!(growth >= 1 && growth <= MOST_GROWTH)) {
            throw new IllegalArgumentException("growth must be between 1 and 100, was " + growth);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be between 0 and 1, was " + jitter);
        }
        permanent = Set.copyOf(permanent);
        retryOn = Set.copyOf(retryOn);
        discardOn = Set.copyOf(discardOn);
    }

    /**
     * The default: 3 attempts, the second after 5 s, the third after 10 s more, each ± 20 %. Between the schedulers that
     * never retry (resque, BullMQ) and those that go on for hours (JobRunr, Sidekiq): it rides out a hiccup, and what is
     * really broken is seen within a minute.
     *
     * @return the default policy
     */
    public static RetryPolicy standard() {
        return STANDARD;
    }

    /**
     * One attempt: the first exception is final.
     *
     * @return the policy
     */
    public static RetryPolicy never() {
        return STANDARD.withAttempts(1);
    }

    /**
     * With another number of attempts.
     *
     * @param most runs in all, from 1
     * @return a copy
     */
    public RetryPolicy withAttempts(int most) {
        return new RetryPolicy(most, first, longest, growth, jitter, permanent, retryOn, discardOn);
    }

    /**
     * With delays that double.
     *
     * @param after the delay after the first failed attempt; each further one is twice as long
     * @param cap but never longer than this
     * @return a copy
     */
    public RetryPolicy withDelays(Duration after, Duration cap) {
        return new RetryPolicy(attempts, after, cap, 2, jitter, permanent, retryOn, discardOn);
    }

    /**
     * With the same delay after each attempt.
     *
     * @param delay after every failed attempt
     * @return a copy
     */
    public RetryPolicy withFixedDelay(Duration delay) {
        return new RetryPolicy(attempts, delay, delay, 1, jitter, permanent, retryOn, discardOn);
    }

    /**
     * With delays that grow otherwise.
     *
     * @param times each further delay is so many times as long, 1 to 100
     * @return a copy
     */
    public RetryPolicy withGrowth(double times) {
        return new RetryPolicy(attempts, first, longest, times, jitter, permanent, retryOn, discardOn);
    }

    /**
     * With another random part of the delays.
     *
     * @param part 0 to 1
     * @return a copy
     */
    public RetryPolicy withJitter(double part) {
        return new RetryPolicy(attempts, first, longest, growth, part, permanent, retryOn, discardOn);
    }

    /**
     * With exceptions after which no further attempt is made.
     *
     * @param exceptions their classes
     * @return a copy
     */
    public RetryPolicy withPermanent(Set<Class<? extends Throwable>> exceptions) {
        return new RetryPolicy(attempts, first, longest, growth, jitter, exceptions, retryOn, discardOn);
    }

    /**
     * With the only exceptions after which a further attempt is made; all others are final.
     *
     * @param exceptions their classes; none for all exceptions
     * @return a copy
     */
    public RetryPolicy withRetryOn(Set<Class<? extends Throwable>> exceptions) {
        return new RetryPolicy(attempts, first, longest, growth, jitter, permanent, exceptions, discardOn);
    }

    /**
     * With exceptions after which the task is dropped: it does not run again and is not kept among the failed ones, for
     * example because what it was about is gone. It is counted in {@link WorkerStats#discarded()}.
     *
     * @param exceptions their classes
     * @return a copy
     */
    public RetryPolicy withDiscardOn(Set<Class<? extends Throwable>> exceptions) {
        return new RetryPolicy(attempts, first, longest, growth, jitter, permanent, retryOn, exceptions);
    }

    Verdict judge(int attempt, Throwable thrown) {
        if (oneOf(discardOn, thrown)) {
            return Verdict.DISCARDED;
        }
        boolean again =
                attempt < attempts && !oneOf(permanent, thrown) && (retryOn.isEmpty() || oneOf(retryOn, thrown));
        return again ? Verdict.AGAIN : Verdict.FAILED;
    }

    private static boolean oneOf(Collection<Class<? extends Throwable>> kinds, Throwable thrown) {
        for (Class<? extends Throwable> kind : kinds) {
            if (kind.isInstance(thrown)) {
                return true;
            }
        }
        return false;
    }

    /** The delay after an attempt; {@code random} is in [0, 1). */
    Duration delayAfter(int attempt, double random) {
        double grown = millis(first) * Math.pow(growth, Math.max(0, attempt - 1));
        double most = millis(longest);
        double spread = 1 + jitter * (2 * random - 1);
        // A fixed delay varies both ways, one that grew up to the longest only downwards.
        double varied = Math.min(grown, most) * spread;
        return Duration.ofMillis((long) (growth == 1 ? varied : Math.min(most, varied)));
    }

    /** Of any duration, which may have more than a long holds. */
    private static double millis(Duration duration) {
        return 1000.0 * duration.getSeconds() + duration.toMillisPart();
    }
}
