package io.covey.cluster.rpc.connections;

import io.covey.cluster.Cluster;
import io.covey.cluster.Owners;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.wire.ConnectionAnswer;
import io.covey.cluster.rpc.wire.ConnectionCall;
import io.covey.cluster.spi.Names;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one node, and its way to all others. */
final class ConnectionNode implements Connections {
    /** What each connection is held as; see {@link Owners}. */
    static final String KIND = "connection";

    static final Procedure<ConnectionCall, ConnectionAnswer> APPLY =
            Procedure.of("connection.apply", ConnectionCall.class, ConnectionAnswer.class);

    /** Has a node look whether a connection is still its own. */
    static final Procedure<String, String> LOOK =
            Procedure.of("connection.look", String.class, String.class).idempotent();

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionNode.class);
    private static final Map<Cluster, ConnectionNode> NODES = new ConcurrentHashMap<>();

    private final Cluster cluster;
    private final Holder holder;
    private final Remote remote;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Rpc rpc;

    private ConnectionNode(Cluster cluster, Rpc rpc) {
        this.cluster = cluster;
        this.rpc = rpc;
        this.holder = new Holder(cluster, this::tell);
        this.remote = new Remote(cluster, () -> this.rpc);
        serve(rpc);
        cluster.closeWith(drain -> NODES.remove(cluster, this));
    }

    private void serve(Rpc opened) {
        opened.serve(APPLY, (call, context) -> holder.apply(call, context.caller()));
        opened.serve(LOOK, (id, context) -> {
            holder.look(id);
            return "looked";
        });
    }

    /** Its calls may have been closed and opened again. */
    private void over(Rpc opened) {
        if (rpc == opened) {
            return;
        }
        lock.lock();
        try {
            if (rpc != opened) {
                serve(opened);
                rpc = opened;
            }
        } finally {
            lock.unlock();
        }
    }

    private void tell(String id, String node) {
        rpc.call(Target.node(node), LOOK, id).whenComplete((done, thrown) -> {
            if (thrown != null) {
                LOG.debug("The node {} that held connection \"{}\" was not told", node, Names.printable(id), thrown);
            }
        });
    }

    static ConnectionNode of(Cluster cluster) {
        Rpc rpc = Rpc.on(cluster);
        ConnectionNode node = NODES.computeIfAbsent(cluster, key -> new ConnectionNode(key, rpc));
        node.over(rpc);
        return node;
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
