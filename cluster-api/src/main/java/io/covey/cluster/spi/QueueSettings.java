package io.covey.cluster.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * How a queue is served, the same for all workers of ours. Workers of other makes on a shared queue know nothing of it.
 *
 * @param kind what its tasks may carry
 * @param paused whether nothing is handed out; what is leased goes on
 * @param concurrency how many may be leased at once, in the whole cluster; empty for any number
 * @param rate how many may start in a time, in the whole cluster; empty for any number
 * @param keyConcurrency as concurrency, for each key
 * @param keyRate as rate, for each key
 */
public record QueueSettings(
        Kind kind,
        boolean paused,
        Optional<Integer> concurrency,
        Optional<Rate> rate,
        Optional<Integer> keyConcurrency,
        Optional<Rate> keyRate) {
    private static final QueueSettings DEFAULTS = new QueueSettings(
            Kind.SHARED, false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks the limits. */
    public QueueSettings {
        concurrency.ifPresent(limit -> positive("concurrency", limit));
        keyConcurrency.ifPresent(limit -> positive("keyConcurrency", limit));
        if (kind == Kind.SHARED && (keyConcurrency.isPresent() || keyRate.isPresent())) {
            throw new IllegalArgumentException(
                    "Tasks of a shared queue have no keys to be limited: its kind must be OWN for that");
        }
    }

    private static void positive(String what, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, was " + limit);
        }
    }

    /**
     * Of a queue about which nothing was said: shared, not paused, without limits.
     *
     * @return the settings
     */
    public static QueueSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Of another kind.
     *
     * @param other what its tasks may carry
     * @return a copy
     */
    public QueueSettings withKind(Kind other) {
        return new QueueSettings(other, paused, concurrency, rate, keyConcurrency, keyRate);
    }

    /**
     * Paused or not.
     *
     * @param now whether nothing is handed out
     * @return a copy
     */
    public QueueSettings withPaused(boolean now) {
        return new QueueSettings(kind, now, concurrency, rate, keyConcurrency, keyRate);
    }

    /**
     * With other limits of the queue.
     *
     * @param most how many may be leased at once
     * @param fastest how many may start in a time
     * @return a copy
     */
    public QueueSettings withLimits(Optional<Integer> most, Optional<Rate> fastest) {
        return new QueueSettings(kind, paused, most, fastest, keyConcurrency, keyRate);
    }

    /**
     * With other limits of each key.
     *
     * @param most how many of a key may be leased at once
     * @param fastest how many of a key may start in a time
     * @return a copy
     */
    public QueueSettings withKeyLimits(Optional<Integer> most, Optional<Rate> fastest) {
        return new QueueSettings(kind, paused, concurrency, rate, most, fastest);
    }

    /** What the tasks of a queue may carry. */
    public enum Kind {
        /** What workers of every make understand: type and arguments. */
        SHARED,
        /**
         * An id, headers and a key besides. Workers of other makes can run such tasks, but not find them by content; those
         * with a key and delayed ones they do not see.
         */
        OWN
    }

    /**
     * Starts in a time, evenly spread.
     *
     * @param permits how many
     * @param per in which time, 1 ms to a day, in whole milliseconds
     * @param burst how many at once after a quiet time, 1 to permits
     */
    public record Rate(int permits, Duration per, int burst) {
        private static final Duration LEAST = Duration.ofMillis(1);
        private static final Duration MOST = Duration.ofDays(1);
        private static final int MOST_PERMITS = 1_000_000;

        /** Checks the components. */
        public Rate {
            if (permits < 1 || permits > MOST_PERMITS) {
                throw new IllegalArgumentException(
                        "permits must be between 1 and " + MOST_PERMITS + ", was " + permits);
            }
            if (per.compareTo(LEAST) < 0 || per.compareTo(MOST) > 0) {
                throw new IllegalArgumentException("per must be between 1ms and 1d, was " + per);
            }
            if (per.toNanosPart() % 1_000_000 != 0) {
                throw new IllegalArgumentException("per must be a whole number of milliseconds, was " + per);
            }
            if (burst < 1 || burst > permits) {
                throw new IllegalArgumentException(
                        "burst must be between 1 and the " + permits + " permits, was " + burst);
            }
        }

        /**
         * With the burst of a twentieth of the permits, at least 1: short of the limit by a round trip, never far beyond.
         *
         * @param permits how many
         * @param per in which time
         * @return the rate
         */
        public static Rate of(int permits, Duration per) {
            return new Rate(permits, per, Math.max(1, permits / 20));
        }
    }
}
