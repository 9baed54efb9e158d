package io.covey.cluster.core.near;

import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.InvalidationSource;
import io.covey.cluster.spi.InvalidationSource.Tracking;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a near-cache hears of changes, and the proofs that it hears. */
final class NearNews implements InvalidationSource.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NearNews.class);
    private static final long SHORTEST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 2500;

    private final NodeContext node;
    private final String name;
    private final NearCache<?> near;
    private final long maxStale;
    private final AtomicBoolean proving = new AtomicBoolean();
    private final Optional<Tracking> tracking;
    private final Future<?> beat;

    private NearNews(NodeContext node, String name, String prefix, NearCache<?> near) {
        this.node = node;
        this.name = name;
        this.near = near;
        Duration stale = near.options().maxStale();
        this.maxStale = stale.toNanos();
        this.tracking = near.store().invalidations().map(source -> source.track(prefix, this));
        if (tracking.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("event", "cache.near.deaf")
                    .log(
                            "Cache {}: {} tells nothing of changes; what another node changes is seen here after at most {} ms, the ttl of near copies",
                            name,
                            node.transport().description(),
                            near.options().ttl().toMillis());
            near.hear(Era.endless(node.clock().nanos()));
        }
        long pause = Math.max(SHORTEST_PAUSE_MS, Math.min(LONGEST_PAUSE_MS, stale.toMillis() / 4));
        this.beat = node.threads().timer().scheduleWithFixedDelay(this::beat, pause, pause, TimeUnit.MILLISECONDS);
    }

    /**
     * Begins to listen.
     *
     * @param name the cache's, for messages
     * @param prefix what its keys begin with in the store
     */
    static NearNews start(NodeContext node, String name, String prefix, NearCache<?> near) {
        return new NearNews(node, name, prefix, near);
    }

    private void beat() {
        near.tidy();
        tracking.ifPresent(this::prove);
    }

    private void prove(Tracking with) {
        Era now = near.era();
        if (!now.isLive() || !proving.compareAndSet(false, true)) {
            return;
        }
        long asked = node.clock().nanos();
        with.prove().whenComplete((done, thrown) -> {
            proving.set(false);
            if (thrown == null) {
                now.proven(asked + maxStale);
            }
        });
    }

    @Override
    public void live() {
        near.hear(Era.live(node.clock().nanos() + maxStale));
    }

    @Override
    public void invalidated(Collection<String> keys) {
        keys.forEach(slot -> near.forget(near.form().key(slot)));
    }

    @Override
    public void lost(String reason) {
        LOG.debug("Cache {}: near copies are thrown away: {}", name, reason);
        near.deafen();
    }

    @Override
    public void close() {
        beat.cancel(false);
        tracking.ifPresent(Tracking::close);
        near.deafen();
    }
}
