package io.covey.cluster.spi;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;

/** Makes running nodes; found by {@link java.util.ServiceLoader}. {@code cluster-core} has the one there is. */
public interface NodeProvider {

    /**
     * As {@link Cluster#join(ClusterConfig)}.
     *
     * @param config the settings
     * @return the running node
     */
    Cluster join(ClusterConfig config);
}
