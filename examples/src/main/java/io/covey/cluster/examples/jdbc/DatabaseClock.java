package io.covey.cluster.examples.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The one clock of all processes on a database. */
@FunctionalInterface
interface DatabaseClock {

    Instant read(Connection connection) throws SQLException;

    /** The database's own. It is read after the row lock was taken, since it then stands still until the commit. */
    static Instant ofTheServer(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("VALUES CURRENT_TIMESTAMP(6)")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
