package io.covey.cluster.core.runtime;

import io.covey.cluster.ClusterException;

/** Whether a node is open. */
public final class Lifecycle {
    private final String name;
    private volatile boolean closed;

    /**
     * Starts open.
     *
     * @param name the node's name, for messages
     */
    public Lifecycle(String name) {
        this.name = name;
    }

    /**
     * Refuses what comes after the end.
     *
     * @throws ClusterException if the node is closed
     */
    public void ensureOpen() {
        if (closed) {
            throw new ClusterException("Node " + name + " is closed: join again with a new Cluster");
        }
    }

    /** Nothing works from now on. */
    public void end() {
        closed = true;
    }

    /**
     * Whether the end has come.
     *
     * @return true after {@link #end}
     */
    public boolean ended() {
        return closed;
    }
}
