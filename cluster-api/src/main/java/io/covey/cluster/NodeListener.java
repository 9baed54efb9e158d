package io.covey.cluster;

/** Hears what the parts of a node do, for meters. Where nobody listens nothing is made or timed. */
@FunctionalInterface
public interface NodeListener {

    /**
     * Something happened. Called at once and where it happens, which may be a thread of the network, by many threads at a
     * time: it must be quick, must not block, and what it throws is ignored and logged,
     * once for each kind.
     *
     * @param event what
     */
    void on(NodeEvent event);
}
