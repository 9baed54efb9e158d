package io.covey.cluster.core.cache;

import io.covey.cluster.ClusterException;
import io.covey.cluster.LoadException;
import io.covey.cluster.Loading;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads that load what they miss: finds or starts the flight for it and waits until it lands. */
final class LoadingReads<V> {
    private final Shelf<V> shelf;
    private final Loads<V> loads;
    private final NodeContext node;

    LoadingReads(Shelf<V> shelf) {
        this.shelf = shelf;
        this.loads = new Loads<>(shelf);
        this.node = shelf.node();
    }

    void check(Loading<V> loading) {
        if (loading.absentTtl().isPresent() && shelf.options().slides()) {
            throw new IllegalArgumentException("Cache " + shelf.form().name()
                    + ": it slides, so each read would prolong a remembered absence; load without rememberAbsence");
        }
    }

    /** The value of what was found, which is loaded anew aside if it is old enough. */
    Optional<V> seen(String key, Found<V> found, Loading<V> loading) {
        if (found.value().isPresent() && loading.refreshAfter().isPresent()) {
            if (!node.clock()
                    .instant()
                    .isBefore(found.written().plus(loading.refreshAfter().get()))) {
                shelf.flights().startAside(shelf.form().slot(key), loads.refresh(key, loading, found.version()));
            }
        }
        return found.value();
    }

    /** Loads what was not found, on this thread if nobody does yet. */
    Optional<V> load(String key, Loading<V> loading) {
        String slot = shelf.form().slot(key);
        while (true) {
            node.life().ensureOpen();
            Flight flight = shelf.flights().join(slot, loads.missing(key, loading));
            if (flight.isRunByThisThread()) {
                throw new IllegalStateException(
                        shelf.form().where(key) + ": its loader asks for the key that it loads");
            }
            flight.run();
            try {
                return decode(key, flight.landing().get(loading.timeout().toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                shelf.flights().leave(slot, flight);
                throw loads.tooLong(key, loading.timeout());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted(key, e);
            } catch (ExecutionException e) {
                Throwable cause = Await.unwrap(e);
                if (!(cause instanceof Flight.AbandonedException)) {
                    throw failure(key, cause);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(key, cause);
                }
            }
        }
    }

    /** Loads what was not found, on a thread of the node's if nobody does yet. */
    CompletionStage<Optional<V>> loadAside(String key, Loading<V> loading) {
        String slot = shelf.form().slot(key);
        node.life().ensureOpen();
        Flight flight = shelf.flights().join(slot, loads.missing(key, loading));
        try {
            node.threads().loaders().execute(flight::runAside);
        } catch (RejectedExecutionException closed) {
            shelf.flights().leave(slot, flight);
            return CompletableFuture.failedStage(closed);
        }
        return flight.landing()
                .copy()
                .orTimeout(loading.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .handleAsync(
                        (bytes, thrown) -> landed(key, loading, flight, bytes, thrown),
                        node.threads().workers())
                .thenCompose(stage -> stage);
    }

    private CompletionStage<Optional<V>> landed(
            String key, Loading<V> loading, Flight flight, Optional<byte[]> bytes, Throwable thrown) {
        if (thrown == null) {
            return CompletableFuture.completedStage(decode(key, bytes));
        }
        Throwable cause = Await.unwrap(thrown);
        if (cause instanceof Flight.AbandonedException) {
            return loadAside(key, loading);
        }
        if (cause instanceof TimeoutException) {
            shelf.flights().leave(shelf.form().slot(key), flight);
            throw loads.tooLong(key, loading.timeout());
        }
        throw new CompletionException(failure(key, cause));
    }

    private Optional<V> decode(String key, Optional<byte[]> bytes) {
        return bytes.map(value -> shelf.form().decode(key, value));
    }

    private RuntimeException failure(String key, Throwable cause) {
        if (cause instanceof Loads.LoaderThrewException) {
            Throwable thrown = cause.getCause();
            return new LoadException(
                    shelf.form().where(key) + ": its loader threw "
                            + thrown.getClass().getSimpleName() + "; the next read loads again",
                    thrown);
        }
        return cause instanceof LoadException shared
                ? new LoadException(shared.getMessage(), shared)
                : cause instanceof RuntimeException known ? known : new ClusterException(cause.toString(), cause);
    }

    private LoadException interrupted(String key, Throwable cause) {
        return new LoadException(shelf.form().where(key) + ": interrupted while it was loaded", cause);
    }
}
