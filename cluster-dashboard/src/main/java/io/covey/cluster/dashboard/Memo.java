package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Answers that are good for a moment: however many pages ask the same, the backend is asked once. Who asks while the
 * answer is on its way waits for it.
 */
final class Memo {
    private static final int MOST = 64;

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    private record Kept(CompletableFuture<Object> answer, long until) {}

    Memo(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @SuppressWarnings("unchecked") // A key belongs to one question.
    <T> T get(String key, Duration good, Callable<T> question) throws Exception {
        CompletableFuture<Object> mine = new CompletableFuture<>();
        CompletableFuture<Object> answer = begin(key, good, mine);
        if (answer == mine) {
            try {
                mine.complete(question.call());
            } catch (Throwable e) { // an Error, too: those who wait for it would wait for ever
                forget(key, mine);
                mine.completeExceptionally(e);
                throw e;
            }
        }
        try {
            return (T) answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private CompletableFuture<Object> begin(String key, Duration good, CompletableFuture<Object> mine) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            kept.values().removeIf(one -> one.answer.isDone() && now - one.until > 0);
            Kept known = kept.get(key);
            if (known != null) {
                return known.answer;
            }
            Iterator<Kept> eldest = kept.values().iterator();
            while (kept.size() >= MOST && eldest.hasNext()) {
                eldest.next();
                eldest.remove();
            }
            kept.put(key, new Kept(mine, now + good.toNanos()));
            return mine;
        } finally {
            lock.unlock();
        }
    }

    private void forget(String key, CompletableFuture<Object> answer) {
        lock.lock();
        try {
            kept.remove(key, kept.get(key) != null && kept.get(key).answer == answer ? kept.get(key) : null);
        } finally {
            lock.unlock();
        }
    }

    /** After a change: nothing that was read before it is shown any more. */
    void clear() {
        lock.lock();
        try {
            kept.clear(); // what is under way, too: it may have been read before
        } finally {
            lock.unlock();
        }
    }
}
