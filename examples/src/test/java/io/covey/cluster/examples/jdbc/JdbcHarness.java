package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.TransportHarness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A database in memory for each test, on a clock that stands still. */
final class JdbcHarness implements TransportHarness {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TransportConfig config =
            TransportConfig.of("jdbc:h2:mem:" + UUID.randomUUID()).withTimeouts(PATIENCE, PATIENCE);
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger namespaces = new AtomicInteger();

    @Override
    public Transport open() {
        return JdbcTransport.open(config, connection -> clock.get());
    }

    @Override
    public Transport openElsewhere() {
        String other = "other" + namespaces.incrementAndGet();
        return JdbcTransport.open(config.withNamespace(other).withTaskNamespace(other), connection -> clock.get());
    }

    @Override
    public void pass(Duration time, String... queues) {
        try (Connection connection = DriverManager.getConnection(config.uri());
                PreparedStatement pass = connection.prepareStatement(
                        "UPDATE covey_queue SET lease_time = lease_time + ? WHERE name = ?")) {
            for (String queue : queues) {
                pass.setLong(1, time.toMillis());
                pass.setString(2, queue);
                pass.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void elapse(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    @Override
    public void close() {}
}
