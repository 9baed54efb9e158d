package io.covey.cluster.tck;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What contracts of running nodes share: nodes that join by the transport under test and know one another. A node engine
 * ({@code cluster-core}) has to be on the class path.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
public abstract class NodeContract extends TransportContract {

    /** How long a busy machine may take for what is bound to happen. */
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration DRAIN = Duration.ofMillis(100);
    private static final Secret TOKEN = Secret.of("5b1d0c7e9a3f4826b7e0");
    private static final TransportConfig SETTINGS =
            TransportConfig.of("tck:nodes").withTimeouts(PATIENCE, PATIENCE);

    private final Map<Cluster, Transport> joined = new LinkedHashMap<>();
    private final List<Cluster> alive = new ArrayList<>();

    /**
     * Joins.
     *
     * @param name the name of the node
     * @return the node, which all others of this test know when this method returns; closed after the test
     */
    protected final Cluster join(String name) {
        return join(name, settings -> {});
    }

    /**
     * Joins with settings of its own.
     *
     * @param name the name of the node
     * @param settings changes what is not the default
     * @return as {@link #join(String)}
     */
    protected final Cluster join(String name, Consumer<ClusterConfig.Builder> settings) {
        return join(name, open(), settings);
    }

    /**
     * Joins by a transport that is open already.
     *
     * @param name the name of the node
     * @param transport closed with the node
     * @param settings changes what is not the default
     * @return as {@link #join(String)}
     */
    protected final Cluster join(String name, Transport transport, Consumer<ClusterConfig.Builder> settings) {
        ClusterConfig.Builder config = ClusterConfig.builder("tck:nodes")
                .transport(SETTINGS)
                .transport(transport)
                .name(name)
                .token(TOKEN);
        settings.accept(config);
        Cluster node = Cluster.join(config.build());
        joined.put(node, transport);
        alive.add(node);
        alive.forEach(each -> eventually()
                .atMost(PATIENCE)
                .until(() -> each.members()
                        .refresh()
                        .containsAll(alive.stream().map(Cluster::self).toList())));
        return node;
    }

    /**
     * Does to a node what the end of its process would: from now on it neither says nor hears anything.
     *
     * @param node one that has joined
     */
    protected final void kill(Cluster node) {
        joined.get(node).close();
        alive.remove(node);
    }

    /**
     * Lets the time go on by which members live.
     *
     * @param time how much
     */
    protected final void passLeaseTime(Duration time) {
        backend().pass(time);
    }

    @AfterEach
    final void closeNodes() {
        List<Cluster> nodes = new ArrayList<>(joined.keySet());
        Collections.reverse(nodes);
        nodes.forEach(node -> node.close(DRAIN));
    }
}
