package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskInspector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Looks into the queues of a namespace. */
final class JdbcTaskInspector implements TaskInspector {
    private static final String QUEUES = """
            SELECT name,
                   COUNT(CASE WHEN place IN ('READY', 'LAST') THEN 1 END),
                   COUNT(CASE WHEN place = 'LEASED' THEN 1 END),
                   COUNT(CASE WHEN place = 'RETRY' THEN 1 END)
              FROM covey_queue q LEFT JOIN covey_task t ON t.queue = q.id
             WHERE namespace = ? GROUP BY name ORDER BY name""";

    private static final String DELAYED = """
            SELECT COUNT(*) FROM covey_task t JOIN covey_queue q ON t.queue = q.id
             WHERE namespace = ? AND place = 'DELAYED'""";

    private static final String FAILED =
            "SELECT COUNT(*) FROM covey_failed f JOIN covey_queue q ON f.queue = q.id WHERE namespace = ?";

    private static final String FAILURES = """
            SELECT name, type, args, exception, message, backtrace, worker, failed_at
              FROM covey_failed f JOIN covey_queue q ON f.queue = q.id
             WHERE namespace = ? ORDER BY f.id OFFSET ? ROWS FETCH FIRST ? ROWS ONLY""";

    private final Database database;
    private final String namespace;

    JdbcTaskInspector(Database database, String namespace) {
        this.database = database;
        this.namespace = namespace;
    }

    @Override
    public CompletionStage<List<QueueInfo>> queues() {
        return database.call(() -> database.inTransaction(session -> session.list(
                row -> new QueueInfo(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                QUEUES,
                namespace)));
    }

    @Override
    public CompletionStage<Map<String, Long>> totals() {
        return database.call(() -> database.inTransaction(session ->
                Map.of("delayed", session.number(DELAYED, namespace), "failed", session.number(FAILED, namespace))));
    }

    @Override
    public CompletionStage<List<FailedTask>> failed(long offset, int limit) {
        return database.call(() -> database.inTransaction(
                session -> session.list(JdbcTaskInspector::failedTask, FAILURES, namespace, offset, limit)));
    }

    private static FailedTask failedTask(ResultSet row) throws SQLException {
        Content content = new Content.Readable(row.getString("type"), row.getBytes("args"));
        Failure failure = new Failure(
                content,
                row.getString("exception"),
                row.getString("message"),
                row.getString("backtrace").lines().toList(),
                row.getString("worker"),
                Instant.ofEpochMilli(row.getLong("failed_at")));
        return new FailedTask(row.getString("name"), failure);
    }
}
