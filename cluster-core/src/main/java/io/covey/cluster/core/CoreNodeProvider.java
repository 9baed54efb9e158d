package io.covey.cluster.core;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.NodeProvider;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportProvider;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** Makes running nodes; found by {@link ServiceLoader}. */
public final class CoreNodeProvider implements NodeProvider {
    private final Supplier<List<TransportProvider>> providers;

    /** Finds transports by {@link ServiceLoader}. */
    public CoreNodeProvider() {
        this(() -> ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    CoreNodeProvider(Supplier<List<TransportProvider>> providers) {
        this.providers = providers;
    }

    @Override
    public Cluster join(ClusterConfig config) {
        if (config.ready().isPresent()) {
            return join(config, config.ready().get());
        }
        Transport opened =
                Transports.choose(config.transport().scheme(), providers.get()).open(config.transport());
        try {
            return join(config, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static Cluster join(ClusterConfig config, Transport transport) {
        long asked = System.nanoTime();
        Instant now = Await.on(transport.time(), config.transport().connectTimeout(), "ask for the time");
        CoreNode node = new CoreNode(config, transport, now, asked);
        try {
            node.start();
            return node;
        } catch (RuntimeException e) {
            node.abandon();
            throw e;
        }
    }
}
