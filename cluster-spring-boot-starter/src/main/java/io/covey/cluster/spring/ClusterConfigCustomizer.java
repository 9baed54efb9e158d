package io.covey.cluster.spring;

import io.covey.cluster.ClusterConfig;

/** A bean that changes the settings of the node after the properties were applied. */
@FunctionalInterface
public interface ClusterConfigCustomizer {

    /**
     * Changes the settings, before the node joins.
     *
     * @param config the settings as the properties made them
     */
    void customize(ClusterConfig.Builder config);
}
