package io.covey.cluster.rpc.connections;

import io.covey.cluster.Node;
import java.util.Map;

/**
 * A connection as others see it.
 *
 * @param id which one
 * @param metadata what its holder said of it
 * @param node its holder
 */
public record ConnectionInfo(String id, Map<String, String> metadata, Node node) {

    /** Copies the metadata. */
    public ConnectionInfo {
        metadata = Map.copyOf(metadata);
    }
}
