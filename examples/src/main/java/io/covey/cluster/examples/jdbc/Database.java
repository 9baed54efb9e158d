package io.covey.cluster.examples.jdbc;

import io.covey.cluster.TransportException;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TransportConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Connections to a database, and the few threads on which the blocking calls run. */
final class Database implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());
    private static final int THREADS = 4;
    private static final int PATIENCE_AT_CLOSE_SECONDS = 5;

    private final TransportConfig config;
    private final DatabaseClock clock;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, threads("worker"));
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Database(TransportConfig config, DatabaseClock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Without what follows the database's name: drivers take passwords there. */
    String description() {
        return config.printableUri().split("[;?]", 2)[0];
    }

    /** Runs blocking work on a thread of the transport. The stage ends in time in any case. */
    <T> CompletionStage<T> call(Supplier<T> work) {
        CompletableFuture<T> answer;
        try {
            answer = CompletableFuture.supplyAsync(work, workers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(closedFailure());
        }
        open.add(answer);
        answer.whenComplete((value, thrown) -> open.remove(answer));
        if (closed) {
            answer.completeExceptionally(closedFailure());
        }
        long millis = config.commandTimeout().toMillis();
        return answer.orTimeout(millis, TimeUnit.MILLISECONDS).exceptionally(thrown -> {
            throw Await.unwrap(thrown) instanceof TimeoutException
                    ? new TransportTimeoutException(description() + " did not answer in " + millis + " ms")
                    : new CompletionException(Await.unwrap(thrown));
        });
    }

    /** Does some work in one transaction: all of it or, where it throws, nothing. */
    <T> T inTransaction(Function<Session, T> work) {
        Connection connection = borrow();
        try {
            T result = work.apply(new Session(connection, clock));
            connection.commit();
            giveBack(connection);
            return result;
        } catch (SQLException e) {
            discard(connection);
            throw new TransportException("Whether " + description() + " took it is unknown: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) { // or what it has locked would stay so
            rollback(connection);
            throw e;
        }
    }

    private Connection borrow() {
        if (closed) {
            throw closedFailure();
        }
        Connection connection = idle.poll();
        if (connection != null) {
            return connection;
        }
        try {
            connection = DriverManager.getConnection(config.uri());
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return connection;
        } catch (SQLException e) {
            throw new TransportException(description() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private void giveBack(Connection connection) throws SQLException {
        idle.add(connection);
        if (closed && idle.remove(connection)) {
            connection.close();
        }
    }

    private void rollback(Connection connection) {
        try {
            connection.rollback();
            giveBack(connection);
        } catch (SQLException e) {
            discard(connection);
        }
    }

    private static void discard(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "A connection that is given up could not be closed", e);
        }
    }

    /** Lets running transactions end, so that no connection is closed under them. */
    @Override
    public void close() {
        closed = true;
        workers.shutdown();
        open.forEach(answer -> answer.completeExceptionally(closedFailure()));
        try {
            workers.awaitTermination(PATIENCE_AT_CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Connection left = idle.poll(); left != null; left = idle.poll()) {
            discard(left);
        }
    }

    private TransportException closedFailure() {
        return new TransportException(description() + ": this connection is closed");
    }

    static ThreadFactory threads(String role) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "covey-jdbc-" + role + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
