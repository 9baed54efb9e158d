package io.covey.cluster;

import java.time.Instant;
import java.util.Map;

/**
 * A process that is, or was, in the cluster.
 *
 * @param id unique for each incarnation: name, host, process id and random bits; never used again
 * @param name what a person calls it; two nodes may share it
 * @param host the machine
 * @param pid the process id on that machine
 * @param joinedAt when it joined, by the backend's clock
 * @param metadata what the application said of it
 */
public record Node(String id, String name, String host, long pid, Instant joinedAt, Map<String, String> metadata) {

    /** Checks and copies the components. */
    public Node {
        metadata = Map.copyOf(metadata);
    }
}
