package io.covey.cluster.examples.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Tasks and locks in a database. It has no cache, no directory and no bus: {@link Transport#of} mixes it with one. */
public final class JdbcTransport implements Transport {
    private final Database database;
    private final Watcher watcher;
    private final LockStore locks;
    private final TaskBroker tasks;

    private JdbcTransport(TransportConfig config, DatabaseClock clock) {
        this.database = new Database(config, clock);
        this.watcher = new Watcher(database);
        this.locks = new JdbcLockStore(database, watcher, config.namespace());
        this.tasks = new JdbcTaskBroker(database, watcher, config.taskNamespace());
    }

    /**
     * Connects and makes the tables if they are not there.
     *
     * @param config a JDBC URL whose driver is on the class path
     * @return the open transport
     * @throws io.covey.cluster.TransportException if the database cannot be reached in time
     */
    public static JdbcTransport open(TransportConfig config) {
        return open(config, DatabaseClock::ofTheServer);
    }

    static JdbcTransport open(TransportConfig config, DatabaseClock clock) {
        JdbcTransport opened = new JdbcTransport(config, clock);
        try {
            Await.on(
                    opened.database.call(() -> opened.database.inTransaction(JdbcTransport::makeTables)),
                    config.connectTimeout(),
                    "connect to " + opened.description());
            return opened;
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private static boolean makeTables(Session session) {
        try (InputStream schema = Objects.requireNonNull(JdbcTransport.class.getResourceAsStream("schema.sql"))) {
            String statements = new String(schema.readAllBytes(), UTF_8).replaceAll("--.*", "");
            for (String statement : statements.strip().split(";\\s*")) {
                session.update(statement);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String description() {
        return database.description();
    }

    @Override
    public Optional<LockStore> locks() {
        return Optional.of(locks);
    }

    @Override
    public Optional<TaskBroker> tasks() {
        return Optional.of(tasks);
    }

    @Override
    public CompletionStage<Instant> time() {
        return database.call(() -> database.inTransaction(Session::time));
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        return watcher.onState(listener);
    }

    @Override
    public void close() {
        watcher.close();
        database.close();
    }
}
