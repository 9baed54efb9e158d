package io.covey.cluster.examples.jdbc;

import io.covey.cluster.TransportException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One transaction: its statements and its time. */
final class Session {
    private final Connection connection;
    private final DatabaseClock clock;
    private @Nullable Instant time;

    Session(Connection connection, DatabaseClock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** Makes an object of a row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    int update(String sql, @Nullable Object... arguments) {
        try (PreparedStatement statement = prepare(sql, arguments)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Inserts a row; false if there is one of its key. */
    boolean insertIfAbsent(String sql, @Nullable Object... arguments) {
        try (PreparedStatement statement = prepare(sql, arguments)) {
            return statement.executeUpdate() == 1;
        } catch (SQLIntegrityConstraintViolationException e) {
            return false;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    <T> List<T> list(Row<T> reader, String sql, @Nullable Object... arguments) {
        try (PreparedStatement statement = prepare(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(reader.read(rows));
            }
            return list;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    <T> Optional<T> first(Row<T> reader, String sql, @Nullable Object... arguments) {
        return list(reader, sql, arguments).stream().findFirst();
    }

    long number(String sql, @Nullable Object... arguments) {
        return first(row -> row.getLong(1), sql, arguments).orElseThrow();
    }

    /** The time of this transaction, read at the first call. */
    Instant time() {
        Instant known = time;
        if (known == null) {
            try {
                known = clock.read(connection);
            } catch (SQLException e) {
                throw failed(e);
            }
            time = known;
        }
        return known;
    }

    long now() {
        return time().toEpochMilli();
    }

    /** The time in microseconds, from which fences are made: they grow even if the last one was forgotten. */
    long micros() {
        return Math.addExact(time().getEpochSecond() * 1_000_000, time().getNano() / 1_000);
    }

    private PreparedStatement prepare(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }

    private static TransportException failed(SQLException e) {
        return new TransportException(
                "The database refused: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
}
