package io.covey.cluster.core.lock;

import io.covey.cluster.Lock;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The locks that a node holds. */
public final class Locks {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,200}");
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

    private final NodeContext node;
    private final Duration lease;
    private final Set<HeldLease> held = ConcurrentHashMap.newKeySet();

    /**
     * Holds none yet.
     *
     * @param node the node
     */
    public Locks(NodeContext node) {
        this.node = node;
        Duration beats = node.config().lease();
        this.lease = beats.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : beats;
    }

    /**
     * Makes a handle.
     *
     * @param name the lock's name
     * @return a new handle
     */
    public Lock handle(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A lock name must match " + NAME.pattern() + ", was \"" + Names.printable(name) + "\"");
        }
        LockStore store = node.require(node.transport().locks(), "locks");
        return new LeasedLock(name, new Holding(node, store, lease, held));
    }

    /** Releases what is held, all at once. */
    public void close() {
        CompletableFuture<?>[] releases = held.stream()
                .map(lease -> lease.release().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        Await.on(CompletableFuture.allOf(releases), node.timeout(), "release " + releases.length + " locks");
    }

    /**
     * What a handle needs to hold its lock.
     *
     * @param node the node
     * @param store where the locks are
     * @param lease for how long each renewal is
     * @param held all leases this node holds
     */
    record Holding(NodeContext node, LockStore store, Duration lease, Set<HeldLease> held) {

        /** Frees a lock if it is the owner's. A store that throws fails the stage, and nothing else. */
        CompletionStage<Boolean> free(String name, String owner) {
            try {
                return store.release(name, owner);
            } catch (RuntimeException e) {
                return CompletableFuture.failedStage(e);
            }
        }
    }
}
