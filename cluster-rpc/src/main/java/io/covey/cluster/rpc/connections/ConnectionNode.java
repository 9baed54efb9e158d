package io.covey.cluster.rpc.connections;

import io.covey.cluster.Cluster;
import io.covey.cluster.Owners;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.wire.ConnectionAnswer;
import io.covey.cluster.rpc.wire.ConnectionCall;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The connections of one node, and its way to all others. */
final class ConnectionNode implements Connections {
    /** What each connection is held as; see {@link Owners}. */
    static final String KIND = "connection";

    static final Procedure<ConnectionCall, ConnectionAnswer> APPLY =
            Procedure.of("connection.apply", ConnectionCall.class, ConnectionAnswer.class);

    private static final Map<Cluster, ConnectionNode> NODES = new ConcurrentHashMap<>();

    private final Cluster cluster;
    private final Holder holder;
    private final Remote remote;

    private ConnectionNode(Cluster cluster, Rpc rpc) {
        this.cluster = cluster;
        this.holder = new Holder(cluster);
        this.remote = new Remote(cluster, rpc);
        rpc.serve(APPLY, (call, caller) -> holder.apply(call));
        cluster.closeWith(drain -> NODES.remove(cluster, this));
    }

    static ConnectionNode of(Cluster cluster) {
        ConnectionNode known = NODES.get(cluster);
        if (known != null) {
            return known;
        }
        Rpc rpc = Rpc.on(cluster);
        return NODES.computeIfAbsent(cluster, key -> new ConnectionNode(key, rpc));
    }

    @Override
    public Connection open(String id, Map<String, String> metadata, Verbs verbs) {
        return holder.open(id, metadata, verbs);
    }

    @Override
    public <Q, R> CompletableFuture<R> apply(String id, Procedure<Q, R> verb, Q argument) {
        return remote.apply(id, verb, argument);
    }

    @Override
    public <M> CompletableFuture<Void> send(String id, M message) {
        return remote.send(id, message);
    }

    @Override
    public Optional<ConnectionInfo> find(String id) {
        return cluster.owners().look(KIND, id).map(ConnectionNode::info);
    }

    @Override
    public Stream<ConnectionInfo> list() {
        return cluster.owners().list(KIND).map(ConnectionNode::info);
    }

    @Override
    public long count() {
        return cluster.owners().count(KIND);
    }

    private static ConnectionInfo info(Owners.Owned owned) {
        return new ConnectionInfo(owned.key(), owned.metadata(), owned.node());
    }
}
