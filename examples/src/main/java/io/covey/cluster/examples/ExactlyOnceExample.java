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
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Effects that happen once although tasks run at least once. A step is noted with the task, so that a further attempt does
 * not repeat it. And a table keeps the newest fence that wrote to it, so that a run which was paused, given up and
 * overtaken cannot write when it wakes.
 */
public final class ExactlyOnceExample {

    record Pay(String account, int amount) {}

    static final TaskType<Pay> PAY = TaskType.of("pay", Pay.class)
            .on("payments")
            .retry(RetryPolicy.standard().withDelays(Duration.ofMillis(50), Duration.ofSeconds(1)));

    /** Accounts in a database; each row knows the fence of the task that wrote it last. */
    static final class Accounts implements AutoCloseable {
        private final String url;
        private final Connection keep;

        Accounts(String name) throws SQLException {
            url = "jdbc:h2:mem:" + name;
            keep = DriverManager.getConnection(url);
            try (Statement statement = keep.createStatement()) {
                statement.execute("CREATE TABLE account (name VARCHAR(99) PRIMARY KEY, balance INT, fence BIGINT)");
                statement.execute("INSERT INTO account VALUES ('ada', 100, 0)");
            }
        }

        /** False if a newer run has written: then nothing is. */
        boolean set(String name, int balance, long fence) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE account SET balance = ?, fence = ? WHERE name = ? AND fence <= ?")) {
                update.setInt(1, balance);
                update.setLong(2, fence);
                update.setString(3, name);
                update.setLong(4, fence);
                return update.executeUpdate() == 1;
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

        @Override
        public void close() throws SQLException {
            keep.close();
        }
    }

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster first = Cluster.join(config.build());
                Cluster second = Cluster.join(config.build());
                Accounts accounts = new Accounts("once" + System.nanoTime())) {
            aStepIsNotRepeated(first, out);
            aPausedRunCannotWrite(first, second, accounts, out);
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
        TaskQueue.on(cluster).enqueue(PAY, new Pay("ada", 10));
        done.await(30, TimeUnit.SECONDS);
        worker.close();
        out.println("charged " + charged + " time");
    }

    /** The first worker gives the task back while its handler hangs; the second finishes it; then the first one wakes. */
    private static void aPausedRunCannotWrite(Cluster first, Cluster second, Accounts accounts, PrintStream out)
            throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        Worker zombie = work(first, (pay, task) -> {
            hanging.countDown();
            awaitWhateverHappens(overtaken);
            out.println("the paused one writes: " + accounts.set(pay.account(), 1, task.fence()));
            woken.countDown();
        });
        TaskQueue.on(first).enqueue(PAY, new Pay("ada", 10));
        hanging.await(30, TimeUnit.SECONDS);
        zombie.close(Duration.ZERO);

        CountDownLatch done = new CountDownLatch(1);
        work(second, (pay, task) -> {
            int balance = accounts.balance(pay.account()) - pay.amount();
            out.println("the next one writes: " + accounts.set(pay.account(), balance, task.fence()));
            done.countDown();
        });
        done.await(30, TimeUnit.SECONDS);
        overtaken.countDown();
        woken.await(30, TimeUnit.SECONDS);
        out.println("balance: " + accounts.balance("ada"));
    }

    private static Worker work(Cluster cluster, TaskHandler<Pay> handler) {
        return Worker.on(cluster)
                .queues("payments")
                .handlers(handlers -> handlers.handle(PAY, handler))
                .start();
    }

    /** As a process that is stopped: it hears no interrupt. */
    private static void awaitWhateverHappens(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
