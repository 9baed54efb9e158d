package io.covey.cluster.core.lock;

import io.covey.cluster.ClusterException;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.LeaseAttempt;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What a node holds by a lease, and who of it waits for something. */
final class Leasing {
    private final NodeContext node;
    private final Duration lease;
    private final Set<HeldLease> held = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, WaitingLine> lines = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Leasing(NodeContext node, Duration lease) {
        this.node = node;
        this.lease = lease;
    }

    NodeContext node() {
        return node;
    }

    Duration lease() {
        return lease;
    }

    /** The monotonic clock by which leases are counted. */
    long now() {
        return node.clock().nanos();
    }

    /** Asks for it. A store that throws fails the stage, and nothing else. */
    CompletionStage<LeaseAttempt> ask(Waiter waiter) {
        return Await.caught(() -> waiter.source().acquire(waiter.owner(), lease));
    }

    /** Frees it if it is the owner's. A store that throws fails the stage, and nothing else. */
    CompletionStage<Boolean> free(LeaseSource source, String owner) {
        return Await.caught(() -> source.release(owner));
    }

    /** Keeps what was given, which is released at once if the node was closed meanwhile. */
    void keep(HeldLease one) {
        held.add(one);
        if (closed) {
            one.release();
        }
    }

    void drop(HeldLease one) {
        held.remove(one);
    }

    /** The line of those who wait, if there was one lately. */
    @Nullable
    WaitingLine line(LeaseSource source) {
        return lines.get(source.key());
    }

    /** Puts one who waits at the end of the line. */
    void join(Waiter waiter) {
        while (!lines.computeIfAbsent(waiter.source().key(), key -> new WaitingLine(this, waiter.source()))
                .join(waiter)) {
            Thread.onSpinWait();
        }
        if (closed) {
            endLines();
        }
    }

    void forget(WaitingLine line, LeaseSource source) {
        lines.remove(source.key(), line);
    }

    void ensureOpen() {
        node.life().ensureOpen();
        if (closed) {
            throw closing();
        }
    }

    /** Nobody waits any more, and what is held begins to be released. */
    List<CompletionStage<Void>> close() {
        closed = true;
        endLines();
        return held.stream().map(HeldLease::release).toList();
    }

    private void endLines() {
        lines.values().forEach(line -> line.close(closing()));
    }

    private ClusterException closing() {
        return new ClusterException("Node " + node.self().name() + " is closed: join again with a new Cluster");
    }
}
