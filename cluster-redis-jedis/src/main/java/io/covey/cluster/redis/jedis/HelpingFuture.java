package io.covey.cluster.redis.jedis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future whose waiter reads from the connection instead of sleeping, which saves a hand-off between threads. What is
 * derived from it helps too.
 */
final class HelpingFuture<T> extends CompletableFuture<T> {
    private final JedisConnection connection;

    HelpingFuture(JedisConnection connection) {
        this.connection = connection;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new HelpingFuture<>(connection);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        connection.help(this);
        return super.get();
    }

    /** A wait shorter than the connection itself may be silent must end in time, so it does not help. */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (unit.toNanos(timeout) >= connection.answerNanos()) {
            connection.help(this);
        }
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        connection.help(this);
        return super.join();
    }
}
