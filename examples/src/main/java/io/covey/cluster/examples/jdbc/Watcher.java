package io.covey.cluster.examples.jdbc;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Transport.LinkState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Looks into the database again and again and tells what changed; SQL has no other way. Listeners share its thread. */
final class Watcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watcher.class.getName());
    private static final Duration BETWEEN_COUNTS = Duration.ofMillis(50);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(500);

    private final Database database;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Database.threads("watcher"));

    Watcher(Database database) {
        this.database = database;
    }

    /** Hints whenever the counter of a name changed; the query answers the counter for a namespace and a name. */
    Registration onChange(String counter, String namespace, Set<String> names, Consumer<String> hint) {
        Map<String, Long> before = new HashMap<>();
        return every(BETWEEN_COUNTS, () -> {
            for (String name : names) {
                database.inTransaction(session -> session.first(row -> row.getLong(1), counter, namespace, name))
                        .filter(now -> !now.equals(before.put(name, now)))
                        .ifPresent(now -> hint.accept(name));
            }
        });
    }

    /** Tells the present state at once, then each change. */
    Registration onState(Consumer<LinkState> listener) {
        AtomicReference<LinkState> told = new AtomicReference<>();
        return every(BETWEEN_PROBES, () -> {
            LinkState state = probe();
            if (!state.equals(told.getAndSet(state))) {
                listener.accept(state);
            }
        });
    }

    private LinkState probe() {
        try {
            database.inTransaction(Session::time);
            return new LinkState(true, "");
        } catch (TransportException e) {
            return new LinkState(false, database.description() + " does not answer");
        }
    }

    private Registration every(Duration pause, Runnable look) {
        try {
            Future<?> looking =
                    thread.scheduleWithFixedDelay(() -> guarded(look), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
            return () -> looking.cancel(false);
        } catch (RejectedExecutionException e) {
            throw new TransportException(database.description() + ": this connection is closed", e);
        }
    }

    /** What is thrown would end the schedule. */
    private static void guarded(Runnable look) {
        try {
            look.run();
        } catch (TransportException e) {
            LOG.log(System.Logger.Level.DEBUG, "The next look catches up", e);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "A listener threw; it goes on with the next call", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
