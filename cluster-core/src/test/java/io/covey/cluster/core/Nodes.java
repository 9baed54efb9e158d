package io.covey.cluster.core;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Nodes on one backend of their own, and the wires that lead there. */
final class Nodes implements AutoCloseable {
    static final Secret TOKEN = Secret.of("b8b1f1c4a6d04c0f9e5a");
    private static final TransportConfig LOCAL = TransportConfig.of("local:nodes");

    final LocalBackend backend;
    private final Duration beat;
    private final Deque<Cluster> joined = new ArrayDeque<>();
    private final Map<Cluster, Wire> wires = new HashMap<>();

    Nodes() {
        this(LocalBackend.create(), Duration.ofMillis(300));
    }

    Nodes(LocalBackend backend, Duration beat) {
        this.backend = backend;
        this.beat = beat;
    }

    /** Joins in process, so that no token is needed. */
    Cluster join(String name) {
        return join(name, Optional.empty(), true, method -> {});
    }

    /** Joins in process over a wire that is tapped from the beginning. */
    Cluster join(String name, Consumer<String> tap) {
        return join(name, Optional.empty(), true, tap);
    }

    /** Joins as if over a network. */
    Cluster joinRemote(String name, Optional<Secret> token) {
        return join(name, token, false, method -> {});
    }

    /** Joins as if over a network, with settings of one's own. */
    Cluster joinRemote(String name, Consumer<ClusterConfig.Builder> settings) {
        return join(name, settings, false, method -> {});
    }

    private Cluster join(String name, Optional<Secret> token, boolean inProcess, Consumer<String> tap) {
        return join(name, config -> token.ifPresent(config::token), inProcess, tap);
    }

    private Cluster join(
            String name, Consumer<ClusterConfig.Builder> settings, boolean inProcess, Consumer<String> tap) {
        Wire wire = new Wire(raw(), inProcess);
        wire.tap(tap);
        ClusterConfig.Builder config = ClusterConfig.builder("local:nodes")
                .name(name)
                .beat(beat)
                .drain(Duration.ofSeconds(2))
                .maxValueBytes(1000)
                .maxFrameBytes(2048)
                .transport(wire);
        settings.accept(config);
        Cluster node = new CoreNodeProvider().join(config.build());
        joined.push(node);
        wires.put(node, wire);
        return node;
    }

    /** Another connection to the same backend, without a node. */
    Transport raw() {
        return backend.open(LOCAL);
    }

    Wire wire(Cluster node) {
        return wires.get(node);
    }

    /** What a killed process does: nothing more. */
    void kill(Cluster node) {
        wire(node).become(Wire.State.CUT);
    }

    @Override
    public void close() {
        joined.forEach(Cluster::close);
    }
}
