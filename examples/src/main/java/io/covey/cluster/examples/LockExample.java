package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Two nodes want one lock, and the table behind it refuses who held it before. */
public final class LockExample {

    /** Reports in a database; each row knows the fence under which it was written last. */
    static final class Reports implements AutoCloseable {
        private final Connection connection;

        Reports(String name) throws SQLException {
            connection = DriverManager.getConnection("jdbc:h2:mem:" + name);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE report (name VARCHAR(99) PRIMARY KEY, text VARCHAR(99), fence BIGINT)");
                statement.execute("INSERT INTO report VALUES ('nightly', '', 0)");
            }
        }

        /** False if somebody who got the lock later has written: then nothing is. */
        boolean write(String name, String text, long fence) throws SQLException {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE report SET text = ?, fence = ? WHERE name = ? AND fence <= ?")) {
                update.setString(1, text);
                update.setLong(2, fence);
                update.setString(3, name);
                update.setLong(4, fence);
                return update.executeUpdate() == 1;
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build());
                Reports reports = new Reports("reports" + System.nanoTime())) {
            Lock here = one.lock("nightly");
            Lock there = two.lock("nightly");

            Lock.Held ada = here.tryLock(Duration.ZERO).orElseThrow();
            out.println("ada writes: " + reports.write("nightly", "by ada", ada.fence()));
            out.println("bob gets it: " + there.tryLock(Duration.ofMillis(100)).isPresent());
            ada.close();

            try (Lock.Held bob = there.tryLock(Duration.ofSeconds(20)).orElseThrow()) {
                boolean written = reports.write("nightly", "by bob", bob.fence());
                out.println("bob writes: " + written + ", still his: " + bob.stillMine());
                out.println("ada, too late, writes: " + reports.write("nightly", "by ada again", ada.fence()));
            }
        }
    }
}
