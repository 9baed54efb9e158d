package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskHandler;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Effects that happen once although tasks run at least once. A step is noted with the task, so that a further attempt does
 * not repeat it. And a table has a row for each payment with the fence of the run that made it, written together with what it
 * pays: no run makes it a second time, and one that was given up and overtaken learns that when it wakes.
 */
public final class ExactlyOnceExample {

    record Pay(String id, String account, int amount) {}

    static final TaskType<Pay> PAY = TaskType.of("pay", Pay.class)
            .on("payments")
            .retry(RetryPolicy.standard().withDelays(Duration.ofMillis(50), Duration.ofSeconds(1)));

    /** Accounts in a database, and the payments that were made from them. */
    static final class Accounts implements AutoCloseable {
        private final String url;
        private final Connection keep;

        Accounts(String name) throws SQLException {
            url = "jdbc:h2:mem:" + name;
            keep = DriverManager.getConnection(url);
            update(keep, "CREATE TABLE account (name VARCHAR(99) PRIMARY KEY, balance INT)");
            update(keep, "CREATE TABLE payment (id VARCHAR(99) PRIMARY KEY, fence BIGINT)");
            update(keep, "INSERT INTO account VALUES ('ada', 100)");
        }

        /**
         * Makes a payment, in one transaction with the row that says so.
         *
         * @return false if it was made before, by this run or an older one
         * @throws SQLIntegrityConstraintViolationException if a newer run has made it: this one was given up
         */
        boolean pay(Pay pay, long fence) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url)) {
                connection.setAutoCommit(false);
                String known = "UPDATE payment SET fence = ? WHERE id = ? AND fence <= ?";
                boolean fresh = update(connection, known, fence, pay.id(), fence) == 0;
                if (fresh) {
                    update(connection, "INSERT INTO payment VALUES (?, ?)", pay.id(), fence);
                    update(
                            connection,
                            "UPDATE account SET balance = balance - ? WHERE name = ?",
                            pay.amount(),
                            pay.account());
                }
                connection.commit();
                return fresh;
            }
        }

        int balance(String name) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    PreparedStatement query =
                            connection.prepareStatement("SELECT balance FROM account WHERE name = ?")) {
                query.setString(1, name);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        }

        private static int update(Connection connection, String sql, Object... values) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate();
            }
        }

        @Override
        public void close() throws SQLException {
            keep.close();
        }
    }

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        CutLine line = new CutLine(config.build().transport());
        try (Cluster second = Cluster.join(config.build());
                Cluster first = Cluster.join(config.transport(line.transport()).build());
                Accounts accounts = new Accounts("once" + System.nanoTime())) {
            aStepIsNotRepeated(first, out);
            twoPaymentsOfOneClaimAreBothMade(first, accounts, out);
            anOvertakenRunIsRefused(first, line, second, accounts, out);
        }
    }

    /** The second attempt gets what the first has noted. */
    private static void aStepIsNotRepeated(Cluster cluster, PrintStream out) throws InterruptedException {
        AtomicInteger charged = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Worker worker = work(cluster, (pay, task) -> {
            String receipt = task.once("charge", String.class, () -> "receipt " + charged.incrementAndGet());
            if (task.attempt() == 1) {
                throw new IOException("the mail server is away");
            }
            out.println("attempt " + task.attempt() + " has " + receipt);
            done.countDown();
        });
        TaskQueue.on(cluster).enqueue(PAY, new Pay("1", "ada", 10));
        done.await(30, TimeUnit.SECONDS);
        worker.close();
        out.println("charged " + charged + " time");
    }

    /** They have one fence, and each its own row. */
    private static void twoPaymentsOfOneClaimAreBothMade(Cluster cluster, Accounts accounts, PrintStream out)
            throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        TaskQueue.on(cluster).enqueueAll(PAY, List.of(new Pay("2", "ada", 10), new Pay("3", "ada", 20)));
        Worker worker = work(cluster, (pay, task) -> {
            accounts.pay(pay, task.fence());
            done.countDown();
        });
        done.await(30, TimeUnit.SECONDS);
        worker.close();
        out.println("balance: " + accounts.balance("ada"));
    }

    /** The first worker falls silent for longer than its lease; the second makes the payment; then the first one wakes. */
    private static void anOvertakenRunIsRefused(
            Cluster first, CutLine line, Cluster second, Accounts accounts, PrintStream out) throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        Worker zombie = work(first, (pay, task) -> {
            hanging.countDown();
            overtaken.await();
            try {
                accounts.pay(pay, task.fence());
            } catch (SQLIntegrityConstraintViolationException e) {
                out.println("the overtaken one is refused");
                refused.countDown();
                throw e;
            }
        });
        TaskQueue.on(second).enqueue(PAY, new Pay("4", "ada", 30));
        hanging.await(30, TimeUnit.SECONDS);
        line.cut(true);

        Worker next = work(second, (pay, task) -> {
            out.println("the next one pays: " + accounts.pay(pay, task.fence()));
            overtaken.countDown();
        });
        refused.await(60, TimeUnit.SECONDS);
        line.cut(false);
        next.close();
        zombie.close();
        out.println("done by the next: " + next.stats().processed() + ", by the overtaken one: "
                + zombie.stats().processed());
        out.println("balance: " + accounts.balance("ada"));
    }

    private static Worker work(Cluster cluster, TaskHandler<Pay> handler) {
        return Worker.on(cluster)
                .queues("payments")
                .lease(Duration.ofSeconds(1))
                .handlers(handlers -> handlers.handle(PAY, handler))
                .start();
    }
}
