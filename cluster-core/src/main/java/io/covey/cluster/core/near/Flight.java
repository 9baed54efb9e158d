package io.covey.cluster.core.near;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore.Timed;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One read of one key, for all who ask for it meanwhile. What it brings is kept unless it was overtaken: by news of a
 * change, by a write of this node, or by a read that began later.
 *
 * @param <T> what an entry is here
 */
final class Flight<T> {
    private final String key;
    private final Era era;
    private final long began;
    private final CompletableFuture<Optional<Timed>> arrived = new CompletableFuture<>();
    private final ReentrantLock landing = new ReentrantLock();
    private volatile boolean overtaken;
    private volatile boolean doubted;
    private @Nullable Optional<T> landed;

    Flight(String key, Era era, long began) {
        this.key = key;
        this.era = era;
        this.began = began;
    }

    String key() {
        return key;
    }

    Era era() {
        return era;
    }

    /** Before the store was asked. */
    long began() {
        return began;
    }

    void overtake() {
        overtaken = true;
    }

    boolean isOvertaken() {
        return overtaken || doubted;
    }

    /** Overtaken by one that may have seen more, although it began earlier. */
    void doubt() {
        doubted = true;
    }

    /** Whether what it has seen may be more than what flights have seen that began later. */
    boolean mayHaveSeenMore(Era now) {
        return (overtaken || era != now) && !doubted;
    }

    boolean hasArrived() {
        return arrived.isDone();
    }

    void arrive(Optional<Timed> answer, @Nullable Throwable thrown) {
        if (thrown == null) {
            arrived.complete(answer);
        } else {
            arrived.completeExceptionally(Await.unwrap(thrown));
        }
    }

    CompletionStage<Optional<Timed>> arrived() {
        return arrived;
    }

    /** What was read; the first who asks makes it of the answer. */
    Optional<T> land(Optional<Timed> answer, Function<Optional<Timed>, Optional<T>> reader) {
        landing.lock();
        try {
            Optional<T> found = landed;
            if (found == null) {
                found = reader.apply(answer);
                landed = found;
            }
            return found;
        } finally {
            landing.unlock();
        }
    }
}
