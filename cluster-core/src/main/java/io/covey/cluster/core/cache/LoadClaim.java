package io.covey.cluster.core.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.ClusterException;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That this node loads a key for the cluster: an entry that says who, with a lease that is renewed until it is closed. It
 * needs no fence, since what is loaded is stored only where nothing was written since; a lock would leave one for each key.
 */
final class LoadClaim implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadClaim.class);

    private final NodeContext node;
    private final CacheStore store;
    private final String slot;
    private final byte[] owner;
    private final Duration lease;
    private volatile boolean closed;
    private volatile @Nullable Future<?> renewal;

    private LoadClaim(NodeContext node, CacheStore store, String slot) {
        this.node = node;
        this.store = store;
        this.slot = slot;
        this.owner = (node.self().id() + "/" + UUID.randomUUID()).getBytes(UTF_8);
        this.lease = node.holdingLease();
    }

    /**
     * Takes it if nobody has it.
     *
     * @param slot where it is
     */
    static Optional<LoadClaim> take(NodeContext node, CacheStore store, String slot) {
        LoadClaim claim = new LoadClaim(node, store, slot);
        try {
            boolean taken = node.await(
                    () -> store.put(slot, claim.owner, new Expiry.After(claim.lease), new Match.Absent()),
                    () -> "claim the load of " + slot);
            if (!taken) {
                return Optional.empty();
            }
            claim.renewLater();
            return Optional.of(claim);
        } catch (ClusterException e) {
            // It may have been taken all the same.
            claim.close();
            throw e;
        }
    }

    private void renewLater() {
        try {
            renewal = node.threads().timer().schedule(this::renew, lease.toMillis() / 3, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The claim {} is renewed no more: the node is closed", slot);
        }
        if (closed) {
            stop();
        }
    }

    private void renew() {
        if (!closed) {
            store.getAndTouch(slot, new Expiry.After(lease)).whenComplete((there, thrown) -> {
                if (thrown != null || mine(there)) {
                    renewLater();
                } else {
                    LOG.debug("The claim {} ran out while its load went on; somebody else may load, too", slot);
                }
            });
        }
    }

    private boolean mine(Optional<Entry> there) {
        return there.filter(entry -> Arrays.equals(entry.value(), owner)).isPresent();
    }

    private void stop() {
        Future<?> scheduled = renewal;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    /** Lets others load, without waiting until they can; if that fails the lease runs out. */
    @Override
    public void close() {
        closed = true;
        stop();
        try {
            store.get(slot)
                    .thenAccept(there -> there.filter(entry -> mine(there))
                            .ifPresent(entry -> store.remove(slot, new Match.Version(entry.version()))))
                    .whenComplete((done, thrown) -> {
                        if (thrown != null) {
                            LOG.debug("The claim {} ends with its lease of {}", slot, lease, thrown);
                        }
                    });
        } catch (RuntimeException e) {
            LOG.debug("The claim {} ends with its lease of {}", slot, lease, e);
        }
    }
}
