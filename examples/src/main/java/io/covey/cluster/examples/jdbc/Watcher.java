package io.covey.cluster.examples.jdbc;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Transport.LinkState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks a few times a second whether counters in the database went on, and tells listeners; SQL has no other way. All
 * listeners are called on its one thread.
 */
final class Watcher implements AutoCloseable {
    private static final long EVERY_MILLIS = 50;

    private final Database database;
    private final List<Look> looks = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Database.threads("watcher"));

    Watcher(Database database) {
        this.database = database;
        thread.scheduleWithFixedDelay(
                () -> looks.forEach(Look::look), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Hints whenever the counter of a name changed; the query answers the counter for a namespace and a name. */
    Registration onChange(String query, String namespace, Set<String> names, Consumer<String> hint) {
        Map<String, Long> before = new HashMap<>();
        return add(new Look() {
            @Override
            public void look() {
                for (String name : names) {
                    long now = read(query, namespace, name, before.getOrDefault(name, 0L));
                    if (!Long.valueOf(now).equals(before.put(name, now)) && looks.contains(this)) {
                        hint.accept(name);
                    }
                }
            }
        });
    }

    private long read(String query, String namespace, String name, long otherwise) {
        try {
            return database.inTransaction(session -> session.first(row -> row.getLong(1), query, namespace, name))
                    .orElse(otherwise);
        } catch (TransportException e) {
            return otherwise; // onState tells, and the next look catches up
        }
    }

    /** Tells the present state at once, then each change. */
    Registration onState(Consumer<LinkState> listener) {
        Look look = new Look() {
            private @Nullable LinkState told;

            @Override
            public void look() {
                String failure = database.failure();
                LinkState state = new LinkState(failure == null, failure == null ? "" : failure);
                if (!state.equals(told) && looks.contains(this)) {
                    told = state;
                    listener.accept(state);
                }
            }
        };
        Registration registration = add(look);
        thread.execute(look::look);
        return registration;
    }

    private Registration add(Look look) {
        looks.add(look);
        return () -> looks.remove(look);
    }

    @Override
    public void close() {
        looks.clear();
        thread.shutdownNow();
    }

    private interface Look {
        void look();
    }
}
