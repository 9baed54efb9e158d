package io.covey.cluster.core.lock;

import io.covey.cluster.Lock;
import io.covey.cluster.Semaphore;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.SemaphoreStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The locks and semaphores of a node. */
public final class Locks {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,200}");
    private static final int MOST_PERMITS = 1_000_000;

    private final NodeContext node;
    private final Leasing leasing;

    /**
     * Holds none yet.
     *
     * @param node the node
     */
    public Locks(NodeContext node) {
        this.node = node;
        this.leasing = new Leasing(node, node.holdingLease());
    }

    /**
     * Makes a handle.
     *
     * @param name the lock's name
     * @return a new handle
     */
    public Lock handle(String name) {
        check("lock", name);
        LockStore store = node.require(node.transport().locks(), "locks");
        return new LeasedLock(name, leasing, new Taker(leasing, LeaseSource.lock(store, name)));
    }

    /**
     * Makes a semaphore.
     *
     * @param name its name
     * @param permits how many may be held at a time
     * @return a view of it
     */
    public Semaphore semaphore(String name, int permits) {
        check("semaphore", name);
        if (permits < 1 || permits > MOST_PERMITS) {
            throw new IllegalArgumentException(
                    "Semaphore " + name + ": permits must be between 1 and " + MOST_PERMITS + ", was " + permits);
        }
        SemaphoreStore store = node.require(node.transport().semaphores(), "semaphores");
        LeaseSource source = LeaseSource.semaphore(store, name, permits);
        return new LeasedSemaphore(name, permits, leasing, new Taker(leasing, source));
    }

    private static void check(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A " + what + " name must match " + NAME.pattern() + ", was \"" + Names.printable(name) + "\"");
        }
    }

    /** Releases what is held, all at once. Whoever waits for something is refused. */
    public void close() {
        CompletableFuture<?>[] releases = leasing.close().stream()
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        Await.on(CompletableFuture.allOf(releases), node.timeout(), "release " + releases.length + " locks");
    }
}
