package io.covey.cluster.core.cache;

import io.covey.cluster.ClusterException;
import io.covey.cluster.LoadException;
import io.covey.cluster.Loading;
import io.covey.cluster.NodeEvent;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one load does: looks again, asks the loader, stores what it found. */
final class Loads<V> {
    private static final Logger LOG = LoggerFactory.getLogger(Loads.class);
    private static final Match ABSENT = new Match.Absent();

    private static final long SHORTEST_PAUSE = 10;
    private static final long LONGEST_PAUSE = 250;

    private final Shelf<V> shelf;
    private final NodeContext node;

    Loads(Shelf<V> shelf) {
        this.shelf = shelf;
        this.node = shelf.node();
    }

    /** For a key that was not there when it was looked for. */
    Flight.Load missing(String key, Loading<V> loading) {
        return flight -> {
            if (loading.clusterWide()) {
                return alone(key, loading, flight);
            }
            Optional<Entry> there = entry(key);
            return there.isPresent()
                    ? cell(key, there.get()).value()
                    : keep(key, loading, flight, ask(key, loading, flight), ABSENT);
        };
    }

    /** Loads when nobody else in the cluster does, or finds what somebody else has loaded. */
    private Optional<byte[]> alone(String key, Loading<V> loading, Flight flight) throws InterruptedException {
        long began = System.nanoTime();
        for (long pause = SHORTEST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, 2 * pause)) {
            Optional<LoadClaim> claim = claim(key);
            try {
                // Whoever had the claim before has stored what it loaded, unless it died.
                Optional<Entry> there = entry(key);
                if (there.isPresent()) {
                    return cell(key, there.get()).value();
                }
                if (claim.isPresent()) {
                    return keep(key, loading, flight, ask(key, loading, flight), ABSENT);
                }
            } finally {
                claim.ifPresent(LoadClaim::close);
            }
            if (System.nanoTime() - began >= loading.timeout().toNanos()) {
                throw tooLong(key, loading.timeout());
            }
            Thread.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
        }
    }

    /** For a value that is there and soon to be replaced. */
    Flight.Load refresh(String key, Loading<V> loading, long version) {
        return flight -> {
            try {
                return loading.clusterWide()
                        ? refreshAlone(key, loading, version, flight)
                        : refresh(key, loading, version, flight);
            } catch (LoaderThrewException | ClusterException e) {
                Throwable cause = e instanceof LoaderThrewException ? e.getCause() : e;
                LOG.atWarn()
                        .addKeyValue("event", "cache.refresh.failed")
                        .log(
                                "{}: the early refresh failed ({}); the old value stays until it expires, and the next read after"
                                        + " a second tries again",
                                shelf.form().where(key),
                                cause.getClass().getSimpleName());
                LOG.debug("This is why", cause);
                shelf.flights().rest(shelf.form().slot(key));
                throw e;
            }
        };
    }

    private Optional<byte[]> refreshAlone(String key, Loading<V> loading, long version, Flight flight)
            throws InterruptedException {
        Optional<LoadClaim> claim = claim(key);
        if (claim.isPresent()) {
            try {
                return refresh(key, loading, version, flight);
            } finally {
                claim.get().close();
            }
        }
        // Another node refreshes it. Who waits for this flight came when the value was gone.
        Optional<Entry> there = entry(key);
        return there.isPresent() ? cell(key, there.get()).value() : alone(key, loading, flight);
    }

    private Optional<byte[]> refresh(String key, Loading<V> loading, long version, Flight flight)
            throws InterruptedException {
        Optional<Entry> there = entry(key);
        if (there.isEmpty()) {
            return keep(key, loading, flight, ask(key, loading, flight), ABSENT);
        }
        return there.get().version() == version
                ? keep(key, loading, flight, ask(key, loading, flight), new Match.Version(version))
                : cell(key, there.get()).value();
    }

    private Optional<byte[]> ask(String key, Loading<V> loading, Flight flight) throws InterruptedException {
        boolean told = node.news().wanted();
        long began = told ? System.nanoTime() : 0;
        boolean failed = true;
        Optional<V> loaded;
        try {
            loaded = Objects.requireNonNull(
                    loading.loader().load(key), "the loader returned null instead of an Optional");
            Optional<byte[]> bytes = loaded.map(value -> shelf.form().bytes(key, value));
            failed = false;
            return bytes;
        } catch (InterruptedException e) {
            if (!flight.isRunAside()) {
                throw e;
            }
            node.life().ensureOpen();
            throw new LoaderThrewException(e);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            throw new LoaderThrewException(e);
        } finally {
            if (told) {
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                node.news().tell(new NodeEvent.CacheLoaded(shelf.form().name(), took, failed));
            }
        }
    }

    private Optional<byte[]> keep(String key, Loading<V> loading, Flight flight, Optional<byte[]> loaded, Match match) {
        if (flight.isForgotten()) {
            return loaded;
        }
        try {
            if (loaded.isEmpty() && loading.absentTtl().isEmpty()) {
                if (match instanceof Match.Version) {
                    await(shelf.removeEntry(key, match));
                }
                return loaded;
            }
            byte[] cell = loaded.map(bytes -> Cell.of(node.clock().instant(), bytes))
                    .orElseGet(() -> Cell.absent(node.clock().instant()));
            Duration ttl =
                    loaded.isPresent() ? loading.ttl() : loading.absentTtl().orElseThrow();
            boolean stored = await(shelf.put(shelf.form().slot(key), key, cell, new Expiry.After(ttl), match));
            if (stored && flight.isForgotten()) {
                takeBack(key, cell);
            }
            return stored
                    ? loaded
                    : entry(key).map(there -> cell(key, there).value()).orElse(loaded);
        } catch (ClusterException e) {
            LOG.atWarn()
                    .addKeyValue("event", "cache.store.failed")
                    .log(
                            "{}: what was loaded could not be stored ({}); the next read loads again",
                            shelf.form().where(key),
                            e.getMessage());
            return loaded;
        }
    }

    /** The key was removed while it was stored: had the mark come later, so would the removal. */
    private void takeBack(String key, byte[] cell) {
        entry(key)
                .filter(there -> Arrays.equals(there.value(), cell))
                .ifPresent(there -> await(shelf.removeEntry(key, new Match.Version(there.version()))));
    }

    private Optional<Entry> entry(String key) {
        String slot = shelf.form().slot(key);
        Optional<Entry> there = node.await(
                () -> shelf.store().get(slot), () -> "load " + shelf.form().where(key));
        shelf.near().seen(key, there);
        return there;
    }

    private Cell cell(String key, Entry entry) {
        return Cell.read(() -> shelf.form().where(key), entry.value());
    }

    private <A, B> B await(Step<A, B> step) {
        return step.await(node);
    }

    private Optional<LoadClaim> claim(String key) {
        return LoadClaim.take(node, shelf.store(), shelf.form().claim(key));
    }

    LoadException tooLong(String key, Duration timeout) {
        return new LoadException(shelf.form().where(key) + ": somebody else has been loading it for " + timeout
                + "; this caller gives up, the load goes on");
    }

    /** What the loader threw, to be told apart from what the store says. */
    static final class LoaderThrewException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LoaderThrewException(Throwable cause) {
            super(cause);
        }
    }
}
