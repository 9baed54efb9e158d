package io.covey.cluster.examples.jdbc;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Locks as rows: each step is one conditional UPDATE, which takes the row or does not. */
final class JdbcLockStore implements LockStore {
    private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

    private static final String TAKE = """
            UPDATE covey_lock
               SET fence = CASE WHEN owner = ? AND ends > ? THEN fence ELSE GREATEST(fence + 1, ?) END,
                   owner = ?, ends = ?
             WHERE namespace = ? AND name = ? AND (owner IS NULL OR owner = ? OR ends <= ?)""";

    private static final String HELD = """
            SELECT name, owner, fence, ends FROM covey_lock
             WHERE namespace = ? AND owner IS NOT NULL AND ends > ? AND name > ?
             ORDER BY name FETCH FIRST ? ROWS ONLY""";

    private final Database database;
    private final Watcher watcher;
    private final String namespace;

    JdbcLockStore(Database database, Watcher watcher, String namespace) {
        this.database = database;
        this.watcher = watcher;
        this.namespace = namespace;
    }

    @Override
    public CompletionStage<LeaseAttempt> acquire(String name, String owner, Duration lease) {
        return database.call(() -> database.inTransaction(session -> {
            if (session.first(row -> row.getString(1), find("name"), namespace, name)
                    .isEmpty()) {
                add(session, name);
            }
            long now = session.now();
            long ends = now + lease.toMillis();
            int taken = session.update(TAKE, owner, now, session.micros(), owner, ends, namespace, name, owner, now);
            return taken == 1
                    ? new LeaseAttempt.Granted(session.number(find("fence"), namespace, name))
                    : new LeaseAttempt.Busy(
                            Duration.ofMillis(Math.max(1, session.number(find("ends"), namespace, name) - now)));
        }));
    }

    /** A new lock also takes away those that nobody used for a day: fences grow with the time, so no harm is done. */
    private void add(Session session, String name) {
        session.update(
                "DELETE FROM covey_lock WHERE namespace = ? AND ends < ?", namespace, session.now() - KEPT_MILLIS);
        session.insertIfAbsent("INSERT INTO covey_lock VALUES (?, ?, NULL, 0, ?, 0)", namespace, name, session.now());
    }

    @Override
    public CompletionStage<Boolean> extend(String name, String owner, Duration lease) {
        return database.call(() -> database.inTransaction(session -> {
            long now = session.now();
            return session.update(
                            "UPDATE covey_lock SET ends = ?"
                                    + " WHERE namespace = ? AND name = ? AND owner = ? AND ends > ?",
                            now + lease.toMillis(),
                            namespace,
                            name,
                            owner,
                            now)
                    == 1;
        }));
    }

    @Override
    public CompletionStage<Boolean> release(String name, String owner) {
        return database.call(() -> database.inTransaction(session -> {
            long now = session.now();
            return session.update(
                            "UPDATE covey_lock SET owner = NULL, ends = ?, changes = changes + 1"
                                    + " WHERE namespace = ? AND name = ? AND owner = ? AND ends > ?",
                            now,
                            namespace,
                            name,
                            owner,
                            now)
                    == 1;
        }));
    }

    @Override
    public CompletionStage<Page<Holding>> holdings(String prefix, Optional<String> cursor, int limit) {
        return database.call(() -> database.inTransaction(session -> {
            long now = session.now();
            List<Holding> page = session.list(
                    row -> new Holding(
                            row.getString("name"),
                            row.getString("owner"),
                            OptionalLong.of(row.getLong("fence")),
                            Duration.ofMillis(row.getLong("ends") - now)),
                    HELD,
                    namespace,
                    now,
                    cursor.orElse(""),
                    limit);
            Optional<String> next = page.size() < limit
                    ? Optional.empty()
                    : Optional.of(page.get(page.size() - 1).name());
            return new Page<>(
                    page.stream().filter(held -> held.name().startsWith(prefix)).toList(), next);
        }));
    }

    @Override
    public Registration onFree(String name, Runnable hint) {
        return watcher.onChange(find("changes"), namespace, Set.of(name), same -> hint.run());
    }

    private static String find(String column) {
        return "SELECT " + column + " FROM covey_lock WHERE namespace = ? AND name = ?";
    }
}
