package io.covey.cluster.rpc.connections;

import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.RpcTimeoutException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What this node sends to connections: to each of them one message after the other, in time or not at all. */
final class Sending {
    static final int MOST_WAITING = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    /** What waits for each connection that a message is under way to. */
    private final Map<String, Queue<Letter>> lines = new HashMap<>();

    private final Duration timeout;
    private final LongSupplier nanos;

    Sending(Duration timeout, LongSupplier nanos) {
        this.timeout = timeout;
        this.nanos = nanos;
    }

    private record Letter(
            Function<Duration, CompletableFuture<?>> delivery, long deadline, CompletableFuture<Void> sent) {

        void end(@Nullable Throwable thrown) {
            if (thrown == null) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(Await.unwrap(thrown));
            }
        }
    }

    /**
     * Puts a message in the line of its connection.
     *
     * @param delivery sends it, within a time
     */
    CompletableFuture<Void> add(String id, Function<Duration, CompletableFuture<?>> delivery) {
        Letter letter = new Letter(delivery, nanos.getAsLong() + timeout.toNanos(), new CompletableFuture<>());
        lock.lock();
        try {
            Queue<Letter> line = lines.get(id);
            if (line != null && line.size() >= MOST_WAITING) {
                return CompletableFuture.failedFuture(new RpcException(
                        Reason.BUSY, where(id) + MOST_WAITING + " messages to it wait; this one was not sent"));
            }
            if (line != null) {
                line.add(letter);
                return letter.sent();
            }
            lines.put(id, new ArrayDeque<>());
        } finally {
            lock.unlock();
        }
        go(id, letter);
        return letter.sent();
    }

    /** A loop, since many may fail at once. */
    private void go(String id, @Nullable Letter first) {
        Letter next = first;
        while (next != null) {
            Letter letter = next;
            CompletableFuture<?> delivered = deliver(id, letter);
            if (!delivered.isDone()) {
                delivered.whenComplete((done, thrown) -> {
                    letter.end(thrown);
                    go(id, next(id));
                });
                return;
            }
            delivered.whenComplete((done, thrown) -> letter.end(thrown));
            next = next(id);
        }
    }

    private CompletableFuture<?> deliver(String id, Letter letter) {
        long left = letter.deadline() - nanos.getAsLong();
        if (left <= 0) {
            return CompletableFuture.failedFuture(new RpcTimeoutException(
                    where(id) + "those before it took its " + timeout.toMillis() + " ms; it was not sent"));
        }
        try {
            return letter.delivery().apply(Duration.ofNanos(left));
        } catch (RuntimeException | Error e) { // an Error would leave those behind it waiting
            return CompletableFuture.failedFuture(e);
        }
    }

    private @Nullable Letter next(String id) {
        lock.lock();
        try {
            Letter next = lines.get(id).poll();
            if (next == null) {
                lines.remove(id);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private static String where(String id) {
        return "connection \"" + Names.printable(id) + "\": " + Verbs.SEND + ": ";
    }
}
