package io.covey.cluster.redis.driver;

import java.util.concurrent.TimeUnit;

/**
 * When a connection that many callers share writes what they ask for. While something is in flight the rest waits for its
 * answer and is then written together, {@value #MOST_TOGETHER} commands or one batch at a time. To a server that is so far away that
 * waiting would cost more than writing, it is written as soon as the last write is {@value #FAR_WAIT_MICROS} µs old. For
 * those who write a {@link RedisConnection}. Thread-safe.
 */
public final class WritePace {
    /** So many commands are written together unless one batch has more. */
    public static final int MOST_TOGETHER = 512;

    private static final int FAR_WAIT_MICROS = 250;
    private static final long FAR_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(FAR_WAIT_MICROS);
    private static final long FAR_NANOS = 200_000;

    private volatile long lastWrite = System.nanoTime();
    private volatile long fastestNanos = Long.MAX_VALUE;

    /** Of a connection that is new: its server is taken for a far one. */
    public WritePace() {}

    /**
     * Whether it does not pay off to wait for answers.
     *
     * @return false for good once an answer came quickly
     */
    public boolean isFar() {
        return fastestNanos >= FAR_NANOS;
    }

    /**
     * Whether to write although something is in flight.
     *
     * @return true if the server is far and nothing was written of late
     */
    public boolean isDue() {
        return isFar() && sinceLastWrite() >= FAR_WAIT_NANOS;
    }

    /** Something is written now. */
    public void wrote() {
        lastWrite = System.nanoTime();
    }

    /** Everything that was written is answered. */
    public void answered() {
        if (isFar()) {
            fastestNanos = Math.min(fastestNanos, sinceLastWrite());
        }
    }

    private long sinceLastWrite() {
        return System.nanoTime() - lastWrite;
    }
}
