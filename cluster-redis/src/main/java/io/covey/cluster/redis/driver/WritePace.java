package io.covey.cluster.redis.driver;

import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When a connection that many callers share writes what they ask for. While something is in flight the rest waits for its
 * answer and is then written together, {@value #MOST_TOGETHER} commands or one batch at a time. To a server that is so far away that
 * waiting would cost more than writing, it is written as soon as the last write is {@value #FAR_WAIT_MICROS} µs old. For
 * those who write a {@link RedisConnection}. Thread-safe.
 */
public final class WritePace {
    private static final int MOST_TOGETHER = 512;

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

    /**
     * Takes what is written together, now.
     *
     * @param queued what waits, the oldest first; loses what is taken
     * @param write is given one batch after the other
     */
    public void takeTogether(Queue<CommandBatch> queued, Consumer<CommandBatch> write) {
        lastWrite = System.nanoTime();
        int commands = 0;
        for (CommandBatch batch = queued.peek(); batch != null && commands < MOST_TOGETHER; batch = queued.peek()) {
            queued.remove();
            write.accept(batch);
            commands += batch.commands().size();
        }
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
