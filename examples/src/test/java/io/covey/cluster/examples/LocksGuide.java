package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.LeaseLostException;
import io.covey.cluster.Lock;
import io.covey.cluster.Semaphore;
import io.covey.cluster.examples.LockExample.Reports;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** The code of docs/locks.md, so that it compiles. */
final class LocksGuide {
    private static final Logger log = Logger.getLogger("guide");

    private LocksGuide() {}

    interface Remote {
        int fetch(String name);
    }

    static void fence(Cluster cluster, Reports reports, String text) throws Exception {
        try (Lock.Held held =
                cluster.lock("nightly-report").tryLock(Duration.ofSeconds(2)).orElseThrow()) {
            boolean written = reports.write("nightly", text, held.fence()); // false: somebody newer has written
        }
    }

    static Optional<Boolean> body(Cluster cluster, Reports reports, String text)
            throws SQLException, InterruptedException, LeaseLostException {
        return cluster.lock("nightly-report")
                .withLock(Duration.ofSeconds(2), held -> reports.write("nightly", text, held.fence()));
    }

    static void listen(Cluster cluster) throws InterruptedException {
        AtomicBoolean goOn = new AtomicBoolean(true);
        Optional<Lock.Held> held = cluster.lock("leader").tryLock(Duration.ofMinutes(5), reason -> {
            log.warning("not the leader any more: " + reason);
            goOn.set(false);
        });
    }

    static void later(Cluster cluster, Reports reports) {
        cluster.lock("nightly-report")
                .tryLockAsync(Duration.ofSeconds(30), reason -> {})
                .thenAccept(held -> held.ifPresent(Lock.Held::close));
    }

    static int semaphore(Cluster cluster, Remote remote) throws InterruptedException {
        Semaphore calls = cluster.semaphore("calls-to-the-bank", 5);
        return calls.withPermit(Duration.ofSeconds(10), permit -> remote.fetch("balance"))
                .orElseThrow();
    }
}
