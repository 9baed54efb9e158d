package io.covey.cluster.core.stats;

import io.covey.cluster.Stats;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Names;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** All counters of a node, and the thread that writes them once a second. */
public final class StatsBook {
    private final NodeContext node;
    private final ConcurrentMap<String, BufferedStats> byNamespace = new ConcurrentHashMap<>();

    /**
     * Starts writing once a second.
     *
     * @param node the node
     */
    public StatsBook(NodeContext node) {
        this.node = node;
        node.threads().timer().scheduleWithFixedDelay(this::flushLater, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * The counters of a namespace.
     *
     * @param namespace the namespace
     * @return always the same object
     */
    public Stats of(String namespace) {
        Names.check("stats namespace", namespace);
        return byNamespace.computeIfAbsent(
                namespace,
                name -> new BufferedStats(node, node.require(node.transport().cache(), "counters"), name));
    }

    /** Writes what was collected, as far as the backend answers. */
    public void close() {
        byNamespace.values().forEach(BufferedStats::flushLast);
    }

    private void flushLater() {
        byNamespace.values().forEach(stats -> node.threads().workers().execute(stats::flushQuietly));
    }
}
