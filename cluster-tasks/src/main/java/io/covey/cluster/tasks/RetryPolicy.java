package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.Set;

/**
 * What happens when a handler throws: the task runs again after a delay that doubles with each attempt, until its
 * attempts are used up; then it has failed and stays among the failed tasks with its content, the exception and the
 * backtrace. Immutable.
 *
 * @param attempts how many runs a task gets at most, the first included, from 1; a run whose process died counts, one
 *     that was given back at a stop does not
 * @param first the delay after the first failed attempt
 * @param longest no delay is longer
 * @param jitter each delay is longer or shorter by a random part up to this one, 0 to 1
 * @param permanent exceptions after which no further attempt is made, subclasses included
 */
public record RetryPolicy(
        int attempts, Duration first, Duration longest, double jitter, Set<Class<? extends Throwable>> permanent) {
    private static final RetryPolicy STANDARD =
            new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofHours(1), 0.2, Set.of());

    /** Checks and copies the components. */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "A retry delay must not be negative nor longer than the longest, was " + first + " of " + longest);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be between 0 and 1, was " + jitter);
        }
        permanent = Set.copyOf(permanent);
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
        return new RetryPolicy(most, first, longest, jitter, permanent);
    }

    /**
     * With other delays.
     *
     * @param after the delay after the first failed attempt; each further one is twice as long
     * @param cap but never longer than this
     * @return a copy
     */
    public RetryPolicy withDelays(Duration after, Duration cap) {
        return new RetryPolicy(attempts, after, cap, jitter, permanent);
    }

    /**
     * With another random part of the delays.
     *
     * @param part 0 to 1
     * @return a copy
     */
    public RetryPolicy withJitter(double part) {
        return new RetryPolicy(attempts, first, longest, part, permanent);
    }

    /**
     * With exceptions after which no further attempt is made.
     *
     * @param exceptions their classes
     * @return a copy
     */
    public RetryPolicy withPermanent(Set<Class<? extends Throwable>> exceptions) {
        return new RetryPolicy(attempts, first, longest, jitter, exceptions);
    }

    boolean allowsAnother(int attempt, Throwable thrown) {
        return attempt < attempts && permanent.stream().noneMatch(kind -> kind.isInstance(thrown));
    }

    /** The delay after an attempt; {@code random} is in [0, 1). */
    Duration delayAfter(int attempt, double random) {
        double doubled = first.toMillis() * Math.pow(2, Math.max(0, attempt - 1));
        double spread = 1 + jitter * (2 * random - 1);
        return Duration.ofMillis((long) Math.min(longest.toMillis(), Math.min(doubled, longest.toMillis()) * spread));
    }
}
